// Request bodies: JSON, forms, multipart, text and bytes.
import { COLOR, LIST, STRING } from './parameters.mjs';

const RGB = { R: 100, G: 200, B: 150 };
const MEDIA = 'OpenAPI 3.0.4, Media Type Object, and RFC 8259';
const FORM = 'OpenAPI 3.0.4, Support for x-www-form-urlencoded Request Bodies';
const ENCODING = 'OpenAPI 3.0.4, Encoding Object';
const PARTS = 'OpenAPI 3.0.4, Encoding Object, default contentType; RFC 7578 §4';

/** A file in the arguments: peers get its bytes in the form that their schema asks for. */
export const file = (text) => ({ $file: text });

function body(
  id,
  section,
  { schema, value, sent, mediaType = 'application/json', method = 'POST', encoding, ...more },
) {
  return {
    id,
    section,
    method,
    requestBody: { required: true, content: { [mediaType]: { schema, ...(encoding && { encoding }) } }, ...more },
    given: { body: value },
    sent: { type: mediaType, ...sent },
  };
}

const json = (id, schema, value, more) => body(id, MEDIA, { schema, value, sent: { json: value }, ...more });

const PET = {
  type: 'object',
  required: ['name'],
  properties: {
    name: STRING,
    tag: { type: 'string', nullable: true },
    age: { type: 'integer' },
    tame: { type: 'boolean' },
    owner: { type: 'object', properties: { name: STRING, phones: LIST } },
  },
};

const jsonBodies = {
  name: 'json-bodies',
  title: 'JSON bodies',
  cases: [
    json('bObject', PET, { name: 'Rex', age: 3 }),
    json('bNested', PET, { name: 'Rex', owner: { name: 'Ada', phones: ['1', '2'] } }),
    json('bFalsy', PET, { name: '', age: 0, tame: false }),
    json('bNull', PET, { name: 'Rex', tag: null }),
    json('bList', { type: 'array', items: PET }, [{ name: 'Rex' }, { name: 'Tom' }]),
    json('bString', STRING, 'blue'),
    json('bNumber', { type: 'number' }, 1.5),
    json('bFreeForm', { type: 'object', additionalProperties: { type: 'integer' } }, { a: 1, b: 2 }),
    json('bVendorType', PET, { name: 'Rex' }, { mediaType: 'application/vnd.pets.v1+json' }),
    json(
      'bMergePatch',
      PET,
      { name: 'Rex', tag: null },
      { mediaType: 'application/merge-patch+json', method: 'PATCH' },
    ),
    {
      id: 'bWithParameters',
      section: 'OpenAPI 3.0.4, Operation Object (parameters and requestBody)',
      method: 'PUT',
      path: '/bWithParameters/{name}',
      parameters: [
        { name: 'name', in: 'path', required: true, schema: STRING },
        { name: 'tag', in: 'query', schema: STRING },
      ],
      requestBody: { required: true, content: { 'application/json': { schema: PET } } },
      given: { path: { name: 'p' }, query: { tag: 'q' }, body: { name: 'Rex', tag: 'b' } },
      sent: { path: '/bWithParameters/p', query: 'tag=q', type: 'application/json', json: { name: 'Rex', tag: 'b' } },
    },
    {
      id: 'bLeftOut',
      section: 'OpenAPI 3.0.4, Request Body Object, required (default false)',
      method: 'POST',
      requestBody: { content: { 'application/json': { schema: PET } } },
      given: {},
      sent: { text: '' },
    },
  ],
};

const form = (id, section, { properties, value, sent, encoding }) =>
  body(id, section, {
    mediaType: 'application/x-www-form-urlencoded',
    schema: { type: 'object', properties },
    value,
    sent: { form: sent },
    ...(encoding && { encoding }),
  });

const formBodies = {
  name: 'form-bodies',
  title: 'form bodies',
  cases: [
    form('fFields', FORM, {
      properties: { a: STRING, n: { type: 'integer' } },
      value: { a: 'x', n: 1 },
      sent: 'a=x&n=1',
    }),
    form('fReserved', FORM, { properties: { a: STRING }, value: { a: 'x y&z=1+1' }, sent: 'a=x%20y%26z%3D1%2B1' }),
    form('fList', ENCODING, {
      properties: { a: LIST },
      encoding: { a: { style: 'form', explode: true } },
      value: { a: ['x', 'y'] },
      sent: 'a=x&a=y',
    }),
    form('fListJoined', ENCODING, {
      properties: { a: LIST },
      encoding: { a: { style: 'form', explode: false } },
      value: { a: ['x', 'y'] },
      sent: 'a=x,y',
    }),
    form('fObjectAsJson', FORM, {
      properties: { color: COLOR },
      value: { color: RGB },
      sent: `color=${encodeURIComponent(JSON.stringify(RGB))}`,
    }),
    form('fDeepObject', ENCODING, {
      properties: { color: COLOR },
      encoding: { color: { style: 'deepObject', explode: true } },
      value: { color: RGB },
      sent: 'color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150',
    }),
    form('fFalsy', FORM, {
      properties: { a: STRING, b: { type: 'boolean' }, n: { type: 'integer' } },
      value: { a: '', b: false, n: 0 },
      sent: 'a=&b=false&n=0',
    }),
  ],
};

const multipart = (id, { properties, value, parts, encoding }) =>
  body(id, PARTS, {
    mediaType: 'multipart/form-data',
    schema: { type: 'object', properties },
    value,
    sent: { parts },
    ...(encoding && { encoding }),
  });
const part = (name, text, type = 'text/plain') => ({ name, type, text });

const multipartBodies = {
  name: 'multipart-bodies',
  title: 'multipart bodies',
  cases: [
    multipart('mFields', {
      properties: { a: STRING, n: { type: 'integer' }, b: { type: 'boolean' } },
      value: { a: 'x y', n: 0, b: false },
      parts: [part('a', 'x y'), part('n', '0'), part('b', 'false')],
    }),
    multipart('mObject', {
      properties: { color: COLOR },
      value: { color: RGB },
      parts: [part('color', JSON.stringify(RGB), 'application/json')],
    }),
    multipart('mList', {
      properties: { a: LIST },
      value: { a: ['x', 'y'] },
      parts: [part('a', 'x'), part('a', 'y')],
    }),
    multipart('mFile', {
      properties: { a: STRING, upload: { type: 'string', format: 'binary' } },
      value: { a: 'x', upload: file('content') },
      parts: [part('a', 'x'), { name: 'upload', isFile: true, text: 'content' }],
    }),
    multipart('mPartType', {
      properties: { a: STRING },
      encoding: { a: { contentType: 'text/csv' } },
      value: { a: '1,2' },
      parts: [part('a', '1,2', 'text/csv')],
    }),
  ],
};

const otherBodies = {
  name: 'other-bodies',
  title: 'text and bytes as bodies',
  cases: [
    body('tPlain', 'OpenAPI 3.0.4, Request Body Object (keys are media types)', {
      mediaType: 'text/plain',
      schema: STRING,
      value: 'a b\nc',
      sent: { text: 'a b\nc' },
    }),
    body('tBytes', 'OpenAPI 3.0.4, Considerations for File Uploads', {
      mediaType: 'application/octet-stream',
      schema: { type: 'string', format: 'binary' },
      value: file('content'),
      sent: { text: 'content' },
    }),
  ],
};

export const bodyGroups = [jsonBodies, formBodies, multipartBodies, otherBodies];
