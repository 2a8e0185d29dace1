import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Origin } from '../model/index.ts';
import { toolNames } from './tool-name.ts';

const origin = (method: string, path: string, operationId?: string): Origin => ({
  pointer: '#',
  method,
  path,
  tags: [],
  deprecated: false,
  ...(operationId !== undefined && { operationId }),
});

describe('a tool is named', () => {
  test.each([
    ['by its operationId', origin('get', '/pets', 'listPets'), 'listPets'],
    ['keeping the structure that a slash gives', origin('get', '/x', 'issues/list-for-repo'), 'issues_list-for-repo'],
    ['without characters that providers reject', origin('get', '/x', '1. Get the «pet»!'), 'Get_the_pet'],
    ['without accents', origin('get', '/x', 'créer'), 'creer'],
    ['by method and path without an operationId', origin('get', '/pets/{petId}'), 'get_pets_by_petId'],
    ['by method and path if the operationId has no ASCII letter', origin('post', '/pets', '日本語'), 'post_pets'],
    ['by the method alone at the root', origin('get', '/'), 'get'],
  ])('%s', (_, given, want) => {
    expect(toolNames([given])).toEqual([want]);
  });

  test('a name that is too long loses words in its middle', () => {
    const given = [
      origin('get', '/a', 'actions/get-actions-cache-retention-limit-for-enterprise'),
      origin('get', '/b', 'actions/get-actions-cache-retention-limit-for-organization'),
      origin('get', '/c', 'readAutoscalingV1NamespacedHorizontalPodAutoscalerStatus'),
      origin('get', '/d', 'readAutoscalingV2NamespacedHorizontalPodAutoscalerStatus'),
      origin('get', '/repositories/{owner}/{repo}/issues/{issue}/attachments/{path}'),
      origin('get', '/v1/domains/updates/and/transfers/added/download', 'get_domain_item'),
      origin('get', '/v1/domains/updates/and/transfers/deleted/download', 'get_domain_item'),
    ];
    expect(toolNames(given)).toEqual([
      'actions_get-cache-retention-limit-enterprise',
      'actions_get-cache-retention-limit-organization',
      'readAutoscalingV1HorizontalPodAutoscalerStatus',
      'readAutoscalingV2HorizontalPodAutoscalerStatus',
      'get_repositories_issues_attachments_by_path',
      'get_domain_item_added',
      'get_domain_item_deleted',
    ]);
  });

  test('a single word that is too long ends in a hash of method and path', () => {
    const [name] = toolNames([origin('get', '/x', 'a'.repeat(80))]);
    expect(name).toMatch(/^a{41}_[0-9a-f]{6}$/);
  });

  test('two whose paths differ by a trailing slash get different names', () => {
    const given = [
      origin('get', '/repositories/{repo}/downloads', 'list'),
      origin('get', '/repositories/{repo}/downloads/', 'list'),
    ];
    expect(toolNames(given)).toEqual([
      'list_get_repositories_by_repo_downloads',
      'list_get_repositories_by_repo_downloads_slash',
    ]);
  });

  test('of two equal names, the operation with that operationId keeps it', () => {
    const [exact, other] = toolNames([origin('get', '/a', 'a_b'), origin('get', '/b', 'a/b')]);
    expect(exact).toBe('a_b');
    expect(other).toBe('a_b_b');
  });

  test('two operations with the same operationId both get longer names', () => {
    const names = toolNames([origin('get', '/a', 'dup'), origin('get', '/b', 'dup'), origin('get', '/c', 'dup_2')]);
    expect(names).toEqual(['dup_a', 'dup_b', 'dup_2']);
  });

  test.each<[string, readonly Origin[], readonly string[]]>([
    [
      'by the nouns of the path',
      [
        origin('get', '/users', 'index'),
        origin('get', '/authors', 'index'),
        origin('delete', '/users/{id}', 'destroy'),
        origin('delete', '/authors/{id}', 'destroy'),
      ],
      ['index_users', 'index_authors', 'destroy_users', 'destroy_authors'],
    ],
    [
      'by the complete path if the nouns are equal',
      [origin('get', '/users', 'show'), origin('get', '/users/{id}', 'show')],
      ['show_users', 'show_users_by_id'],
    ],
    [
      'by the method if the path is equal',
      [origin('get', '/users', 'users'), origin('post', '/users', 'users')],
      ['users_get', 'users_post'],
    ],
    [
      'by a hash if the path has no letter',
      [origin('get', '/日', 'a'), origin('get', '/本', 'a')],
      [expect.stringMatching(/^a_[0-9a-f]{6}$/), expect.stringMatching(/^a_[0-9a-f]{6}$/)],
    ],
    [
      'without taking another operation’s name',
      [origin('get', '/users', 'index'), origin('get', '/authors', 'index'), origin('get', '/x', 'index_users')],
      [expect.stringMatching(/^index_[0-9a-f]{6}$/), 'index_authors', 'index_users'],
    ],
  ])('two of the same name are distinguished %s', (_, given, want) => {
    expect(toolNames(given)).toEqual(want);
  });
});

test('names are legal, unique and independent of the order of the document', () => {
  const origins = fc.uniqueArray(
    fc.record({
      method: fc.constantFrom('get', 'post', 'delete'),
      path: fc.stringMatching(/^\/[a-z{}é/]{0,12}$/),
      operationId: fc.option(
        fc.oneof(
          fc.string(),
          fc.constantFrom('dup', 'dup_1', 'dup_2', 'a/b', 'a_b', 'a-b', 'aUsingGET', '日本', 'x'.repeat(60)),
        ),
        {
          nil: undefined,
        },
      ),
    }),
    { selector: ({ method, path }) => `${method} ${path}`, maxLength: 12 },
  );
  fc.assert(
    fc.property(origins, fc.nat(), (given, seed) => {
      const list = given.map(({ method, path, operationId }) => origin(method, path, operationId));
      const names = toolNames(list);
      for (const name of names) expect(name).toMatch(/^[a-zA-Z][a-zA-Z0-9_-]{0,47}$/);
      expect(new Set(names).size).toBe(names.length);
      const turn = list.length ? seed % list.length : 0;
      const turned = [...list.slice(turn), ...list.slice(0, turn)];
      expect(toolNames(turned)).toEqual([...names.slice(turn), ...names.slice(0, turn)]);
    }),
  );
});

describe('operationIds made by frameworks are cleaned', () => {
  test.each<[string, readonly Origin[], readonly string[]]>([
    [
      'FastAPI: function name, path and method',
      [origin('get', '/todos', 'list_todos_todos_get'), origin('get', '/todos/{todo_id}', 'read_todos__todo_id__get')],
      ['list_todos', 'read_todos'],
    ],
    [
      'NestJS and LoopBack: controller and method',
      [origin('get', '/cats', 'CatsController_findAll'), origin('get', '/a', 'AppController.getHello')],
      ['cats_findAll', 'app_getHello'],
    ],
    [
      'springfox: name, method and number',
      [origin('get', '/a', 'listUsersUsingGET'), origin('post', '/b', 'saveUserUsingPOST_1')],
      ['listUsers', 'saveUser'],
    ],
    [
      'springdoc: numbers of the same name',
      [origin('get', '/users', 'list'), origin('get', '/orders', 'list_1'), origin('get', '/a', 'list_2')],
      ['list_users', 'list_orders', 'list_a'],
    ],
    [
      'drf-spectacular: prefix of all paths, and numbers',
      [
        origin('get', '/api/v1/users/', 'api_v1_users_retrieve'),
        origin('get', '/api/v1/users/{id}/', 'api_v1_users_retrieve_2'),
        origin('get', '/api/v1/orders/', 'api_v1_orders_list'),
      ],
      ['users_retrieve_api_v1_users', 'users_retrieve_api_v1_users_by_id', 'orders_list'],
    ],
    [
      'a prefix of the path after the method',
      [origin('get', '/v3/projects', 'getV3Projects'), origin('put', '/v3/users/{id}', 'putV3UsersId')],
      ['getProjects', 'putUsersId'],
    ],
    [
      'gRPC gateway: a service that is also the tag',
      [{ ...origin('get', '/a', 'AccountService_ListAccounts'), tags: ['AccountService'] }],
      ['Account_ListAccounts'],
    ],
    ['HubSpot: method, path and name', [origin('get', '/cms/{id}', 'get-/cms/{id}_getVersion')], ['getVersion']],
    ['hashes of L5-Swagger', [origin('get', '/users/{id}', 'd41d8cd98f00b204e9800998ecf8427e')], ['get_users_by_id']],
    [
      'method and path of Swashbuckle and swagger-js',
      [origin('get', '/api/values/{id}', 'ApiValuesByIdGet'), origin('get', '/pets/{petId}', 'get_pets__petId_')],
      ['get_api_values_by_id', 'get_pets_by_petId'],
    ],
  ])('%s', (_, given, want) => {
    expect(toolNames(given)).toEqual(want);
  });

  test.each<[string, readonly Origin[]]>([
    ['an ending that names another method', [origin('post', '/todos', 'list_todos_todos_get')]],
    ['a path of another operation', [origin('get', '/users', 'list_todos_todos_get')]],
    ['a number without a series', [origin('get', '/a', 'report_2'), origin('get', '/b', 'other')]],
    ['a series with a gap', [origin('get', '/a', 'v'), origin('get', '/b', 'v_1'), origin('get', '/c', 'v_3')]],
    ['a prefix that not all ids have', [origin('get', '/v1/a', 'v1_a_x'), origin('get', '/v1/b', 'listB')]],
    ['a service that is not a tag', [origin('get', '/a', 'WidgetService_list')]],
    ['a method and path as people write them', [origin('get', '/pets', 'get_pets'), origin('get', '/a/b', 'getAB')]],
  ])('and not changed with %s', (_, given) => {
    expect(toolNames(given)).toEqual(given.map(({ operationId }) => operationId));
  });

  test('and not changed if the document’s own ids are requested', () => {
    const given = [origin('get', '/todos', 'list_todos_todos_get')];
    expect(toolNames(given, { names: 'document' })).toEqual(['list_todos_todos_get']);
  });

  test('but a name set in the document is not changed', () => {
    const given = [origin('get', '/todos', 'list_todos_todos_get')];
    expect(toolNames(given, { chosen: ['todos'] })).toEqual(['todos']);
  });
});
