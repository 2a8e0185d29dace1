// Parameters: path, query, header and cookie; `style`, `explode`, `allowReserved` and `content`.

export const STRING = { type: 'string' };
export const LIST = { type: 'array', items: STRING };
export const COLOR = {
  type: 'object',
  properties: { R: { type: 'integer' }, G: { type: 'integer' }, B: { type: 'integer' } },
};
const INTEGER = { type: 'integer' };

// OpenAPI 3.0.4 and 3.1.1, Parameter Object, "Style Examples".
const NAMES = ['blue', 'black', 'brown'];
const RGB = { R: 100, G: 200, B: 150 };
const TABLE = 'OpenAPI 3.0.4, Parameter Object, Style Examples';
const STYLES = 'OpenAPI 3.0.4, Parameter Object, Style Values';
const RFC6570 = 'RFC 6570 §3.2.1 (values are percent-encoded)';

/** One parameter `color` in the query. */
function query(id, section, { schema = STRING, value, sent, name = 'color', ...more }) {
  return {
    id,
    section,
    parameters: [{ name, in: 'query', schema, ...more }],
    given: { query: { [name]: value } },
    sent: { query: sent },
  };
}

const queryStyles = {
  name: 'query-styles',
  title: 'query: style and explode',
  cases: [
    query('qFormString', TABLE, { value: 'blue', sent: 'color=blue' }),
    query('qFormEmpty', TABLE, { value: '', sent: 'color=' }),
    query('qFormList', TABLE, {
      schema: LIST,
      value: NAMES,
      explode: false,
      style: 'form',
      sent: 'color=blue,black,brown',
    }),
    query('qFormListExploded', TABLE, {
      schema: LIST,
      value: NAMES,
      style: 'form',
      explode: true,
      sent: 'color=blue&color=black&color=brown',
    }),
    query('qDefaultList', STYLES, { schema: LIST, value: NAMES, sent: 'color=blue&color=black&color=brown' }),
    query('qFormObject', TABLE, {
      schema: COLOR,
      value: RGB,
      style: 'form',
      explode: false,
      sent: 'color=R,100,G,200,B,150',
    }),
    query('qFormObjectExploded', TABLE, {
      schema: COLOR,
      value: RGB,
      style: 'form',
      explode: true,
      sent: 'R=100&G=200&B=150',
    }),
    query('qSpaceList', TABLE, {
      schema: LIST,
      value: NAMES,
      style: 'spaceDelimited',
      explode: false,
      sent: 'color=blue%20black%20brown',
    }),
    query('qPipeList', TABLE, {
      schema: LIST,
      value: NAMES,
      style: 'pipeDelimited',
      explode: false,
      sent: 'color=blue%7Cblack%7Cbrown',
    }),
    query('qPipeObject', TABLE, {
      schema: COLOR,
      value: RGB,
      style: 'pipeDelimited',
      explode: false,
      sent: 'color=R%7C100%7CG%7C200%7CB%7C150',
    }),
    query('qDeepObject', TABLE, {
      schema: COLOR,
      value: RGB,
      style: 'deepObject',
      explode: true,
      sent: 'color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150',
    }),
    query('qFormListOfOne', TABLE, {
      schema: LIST,
      value: ['blue'],
      style: 'form',
      explode: false,
      sent: 'color=blue',
    }),
  ],
};

const queryValues = {
  name: 'query-values',
  title: 'query: names and values',
  cases: [
    query('vDelimiters', RFC6570, { value: 'a&b=c#d', sent: 'color=a%26b%3Dc%23d' }),
    query('vSpace', 'OpenAPI 3.0.4, Appendix E (a space is %20, or + in forms)', { value: 'a b', sent: 'color=a%20b' }),
    query('vPlus', RFC6570, { value: 'a+b', sent: 'color=a%2Bb' }),
    query('vPercent', RFC6570, { value: '100%', sent: 'color=100%25' }),
    query('vEncodedTriple', RFC6570, { value: 'a%20b', sent: 'color=a%2520b' }),
    query('vUnicode', 'RFC 6570 §1.6 (UTF-8, then percent-encoded)', {
      value: 'Žluťé',
      sent: 'color=%C5%BDlu%C5%A5%C3%A9',
    }),
    query('vCommaInList', 'RFC 6570 §3.2.1 (only the delimiter is a bare comma)', {
      schema: LIST,
      value: ['a,b', 'c'],
      style: 'form',
      explode: false,
      sent: 'color=a%2Cb,c',
    }),
    query('vAllowReserved', 'OpenAPI 3.0.4, Parameter Object, allowReserved; RFC 6570 §3.2.3', {
      value: 'a/b:c?d,e',
      allowReserved: true,
      sent: 'color=a/b:c?d,e',
    }),
    query('vFalse', TABLE, { schema: { type: 'boolean' }, value: false, sent: 'color=false' }),
    query('vZero', TABLE, { schema: INTEGER, value: 0, sent: 'color=0' }),
    query('vNegativeFraction', TABLE, { schema: { type: 'number' }, value: -1.5, sent: 'color=-1.5' }),
    query('vBracketsInName', 'OpenAPI 3.0.4, Parameter Object, name (used as it is)', {
      name: 'filter[color]',
      value: 'blue',
      sent: 'filter%5Bcolor%5D=blue',
    }),
    query('vDollarName', 'OpenAPI 3.0.4, Parameter Object, name (used as it is)', {
      name: '$top',
      schema: INTEGER,
      value: 5,
      sent: '$top=5',
    }),
    {
      id: 'vLeftOut',
      section: 'OpenAPI 3.0.4, Parameter Object, required (default false)',
      parameters: [
        { name: 'color', in: 'query', schema: STRING },
        { name: 'size', in: 'query', schema: INTEGER },
      ],
      given: { query: { size: 3 } },
      sent: { query: 'size=3' },
    },
    {
      id: 'vSameNames',
      section: 'OpenAPI 3.0.4, Parameter Object (unique by name and location)',
      path: '/vSameNames/{id}',
      parameters: [
        { name: 'id', in: 'path', required: true, schema: STRING },
        { name: 'id', in: 'query', schema: STRING },
      ],
      given: { path: { id: 'a' }, query: { id: 'b' } },
      sent: { path: '/vSameNames/a', query: 'id=b' },
    },
    query('vListOfIntegers', TABLE, {
      schema: { type: 'array', items: INTEGER },
      value: [1, 2],
      style: 'form',
      explode: false,
      sent: 'color=1,2',
    }),
  ],
};

/** One parameter `color` as the last segment of the path. */
function path(id, section, { schema = STRING, value, sent, ...more }) {
  return {
    id,
    section,
    path: `/${id}/{color}`,
    parameters: [{ name: 'color', in: 'path', required: true, schema, ...more }],
    given: { path: { color: value } },
    sent: { path: `/${id}/${sent}` },
  };
}

const pathStyles = {
  name: 'path-styles',
  title: 'path: style, explode and encoding',
  cases: [
    path('pSimple', TABLE, { value: 'blue', sent: 'blue' }),
    path('pSimpleList', TABLE, { schema: LIST, value: NAMES, sent: 'blue,black,brown' }),
    path('pSimpleObject', TABLE, { schema: COLOR, value: RGB, sent: 'R,100,G,200,B,150' }),
    path('pSimpleObjectExploded', TABLE, {
      schema: COLOR,
      value: RGB,
      style: 'simple',
      explode: true,
      sent: 'R=100,G=200,B=150',
    }),
    path('pLabel', TABLE, { value: 'blue', style: 'label', sent: '.blue' }),
    path('pLabelList', TABLE, { schema: LIST, value: NAMES, style: 'label', sent: '.blue,black,brown' }),
    path('pLabelListExploded', TABLE, {
      schema: LIST,
      value: NAMES,
      style: 'label',
      explode: true,
      sent: '.blue.black.brown',
    }),
    path('pMatrix', TABLE, { value: 'blue', style: 'matrix', sent: ';color=blue' }),
    path('pMatrixList', TABLE, { schema: LIST, value: NAMES, style: 'matrix', sent: ';color=blue,black,brown' }),
    path('pMatrixListExploded', TABLE, {
      schema: LIST,
      value: NAMES,
      style: 'matrix',
      explode: true,
      sent: ';color=blue;color=black;color=brown',
    }),
    path('pMatrixObjectExploded', TABLE, {
      schema: COLOR,
      value: RGB,
      style: 'matrix',
      explode: true,
      sent: ';R=100;G=200;B=150',
    }),
    path('pSlash', `OpenAPI 3.0.4, Path Templating (values must not contain / ? #)`, {
      value: 'a/b?c#d',
      sent: 'a%2Fb%3Fc%23d',
    }),
    path('pSpace', RFC6570, { value: 'a b', sent: 'a%20b' }),
    path('pPercent', RFC6570, { value: '50%', sent: '50%25' }),
    path('pInteger', TABLE, { schema: INTEGER, value: 0, sent: '0' }),
    {
      id: 'pSeveral',
      section: 'OpenAPI 3.0.4, Path Templating',
      path: '/pSeveral/{a}-{b}/{a}',
      parameters: ['a', 'b'].map((name) => ({ name, in: 'path', required: true, schema: STRING })),
      given: { path: { a: 'x', b: 'y' } },
      sent: { path: '/pSeveral/x-y/x' },
    },
  ],
};

function header(id, section, { schema = STRING, value, sent, ...more }) {
  return {
    id,
    section,
    parameters: [{ name: 'X-Color', in: 'header', schema, ...more }],
    given: { header: { 'X-Color': value } },
    sent: { headers: { 'x-color': sent } },
  };
}

const headers = {
  name: 'headers',
  title: 'header parameters',
  cases: [
    header('hString', TABLE, { value: 'blue', sent: 'blue' }),
    header('hInteger', TABLE, { schema: INTEGER, value: 7, sent: '7' }),
    header('hBoolean', TABLE, { schema: { type: 'boolean' }, value: false, sent: 'false' }),
    header('hList', TABLE, { schema: LIST, value: NAMES, sent: 'blue,black,brown' }),
    header('hObject', TABLE, { schema: COLOR, value: RGB, sent: 'R,100,G,200,B,150' }),
    header('hObjectExploded', TABLE, { schema: COLOR, value: RGB, explode: true, sent: 'R=100,G=200,B=150' }),
    {
      id: 'hLeftOut',
      section: 'OpenAPI 3.0.4, Parameter Object, required (default false)',
      parameters: ['X-Color', 'X-Size'].map((name) => ({ name, in: 'header', schema: STRING })),
      given: { header: { 'X-Size': 'big' } },
      sent: { headers: { 'x-size': 'big', 'x-color': undefined } },
    },
  ],
};

const cookie = (id, { schema = STRING, value, sent, ...more }) => ({
  id,
  section: TABLE,
  parameters: [{ name: 'color', in: 'cookie', schema, ...more }],
  given: { cookie: { color: value } },
  sent: { cookies: sent },
});

const cookies = {
  name: 'cookies',
  title: 'cookie parameters',
  cases: [
    cookie('cString', { value: 'blue', sent: { color: 'blue' } }),
    cookie('cInteger', { schema: INTEGER, value: 7, sent: { color: '7' } }),
    cookie('cList', { schema: LIST, value: NAMES, explode: false, sent: { color: 'blue,black,brown' } }),
    {
      id: 'cTwo',
      section: 'RFC 6265 §4.2.1 (one header, pairs separated by "; ")',
      parameters: ['a', 'b'].map((name) => ({ name, in: 'cookie', schema: STRING })),
      given: { cookie: { a: '1', b: '2' } },
      sent: { cookies: { a: '1', b: '2' } },
    },
  ],
};

const AS_JSON = 'OpenAPI 3.0.4, Parameter Object, content (serialised by its media type)';
const content = {
  name: 'content-parameters',
  title: 'parameters with content',
  cases: [
    {
      id: 'jQuery',
      section: AS_JSON,
      parameters: [{ name: 'color', in: 'query', content: { 'application/json': { schema: COLOR } } }],
      given: { query: { color: RGB } },
      sent: { query: `color=${encodeURIComponent(JSON.stringify(RGB))}` },
    },
    {
      id: 'jQueryList',
      section: AS_JSON,
      parameters: [{ name: 'color', in: 'query', content: { 'application/json': { schema: LIST } } }],
      given: { query: { color: ['a', 'b'] } },
      sent: { query: `color=${encodeURIComponent('["a","b"]')}` },
    },
    {
      id: 'jHeader',
      section: AS_JSON,
      parameters: [{ name: 'X-Color', in: 'header', content: { 'application/json': { schema: COLOR } } }],
      given: { header: { 'X-Color': RGB } },
      sent: { headers: { 'x-color': JSON.stringify(RGB) } },
    },
  ],
};

export const parameterGroups = [queryStyles, queryValues, pathStyles, headers, cookies, content];
