import { jsonProtocol } from '../../../local/fleet/wire/json-protocol.ts';
import type { OperationModel } from '../../../local/fleet/wire/models.ts';
import { MalformedRequest } from '../../../local/fleet/wire/protocol.ts';
import { queryProtocol } from '../../../local/fleet/wire/query-protocol.ts';
import { tinyModel } from './tiny-model.ts';

const act: OperationModel = { name: 'Do', input: { shape: 'In' }, output: { shape: 'In', resultWrapper: 'DoResult' } };
const at = new Date('2026-01-02T03:04:05.678Z');
const data = Buffer.of(0, 255);

describe('JSON 1.1', () => {
  const decode = (text: string) => jsonProtocol.decode(tinyModel, act, Buffer.from(text));

  test('times are seconds and blobs base64, at every depth', () => {
    const output = {
      name: 'a',
      at,
      inner: { data },
      list: [{ at }],
      map: { HOT: 1 },
      free: { at: [1] },
      kind: undefined,
    };
    const text = jsonProtocol.encode(tinyModel, act, { output, requestId: 'r' });
    expect(JSON.parse(text)).toEqual({
      name: 'a',
      at: 1767323045.678,
      inner: { data: 'AP8=' },
      list: [{ at: 1767323045.678 }],
      map: { HOT: 1 },
      free: { at: [1] },
    });
    expect(decode(text)).toEqual(output);
  });

  test('null is absent; what does not fit is left for the check to name', () => {
    expect(decode('{"name":null,"at":"now","list":{},"odd":{"x":1}}')).toEqual({ at: 'now', list: {}, odd: { x: 1 } });
  });

  test('no body is an empty input; what is no JSON object is malformed', () => {
    expect(decode('')).toEqual({});
    for (const text of ['{', '[]', 'null', '1']) expect(() => decode(text)).toThrow(MalformedRequest);
  });

  test('an error has its code, message and further members', () => {
    const error = { code: 'Odd', message: 'no', status: 400, fields: { hint: 'x' } };
    expect(JSON.parse(jsonProtocol.encodeError(tinyModel, error, 'r'))).toEqual({
      __type: 'Odd',
      message: 'no',
      hint: 'x',
    });
  });
});

describe('query', () => {
  const decode = (form: string) => queryProtocol.decode(tinyModel, act, Buffer.from(`Action=Do&Version=1&${form}`));

  test.each([
    ['name=a+b%26c', { name: 'a b&c' }],
    ['count=3&share=1.5&on=true', { count: 3, share: 1.5, on: true }],
    ['count=three&on=1', { count: 'three', on: '1' }],
    ['count=', { count: '' }],
    ['at=2026-01-02T03%3A04%3A05.678Z&data=AP8%3D', { at, data }],
    ['inner.inner.name=a', { inner: { inner: { name: 'a' } } }],
    [
      'list.member.2.name=b&list.member.1.name=a&list.member.10.name=j',
      { list: [{ name: 'a' }, { name: 'b' }, { name: 'j' }] },
    ],
    ['list=', { list: [] }],
    ['list.1.name=a', { list: { '1': { name: 'a' } } }],
    ['map.entry.1.key=HOT&map.entry.1.value=1&map.entry.2.key=COLD&map.entry.2.value=2', { map: { HOT: 1, COLD: 2 } }],
    ['odd.member.1=x', { odd: { member: { '1': 'x' } } }],
    ['name.first=a', { name: { first: 'a' } }],
  ])('%s', (form, input) => {
    expect(decode(form)).toEqual(input);
  });

  test('an answer is XML in the order of the model, escaped, empty lists included', () => {
    const output = { list: [{ name: '<&>"' }], inner: { at, data, on: false }, map: { HOT: 1 }, name: 'a' };
    expect(queryProtocol.encode(tinyModel, act, { output, requestId: 'r' })).toBe(
      '<DoResponse xmlns="http://tiny.example/doc/"><DoResult><name>a</name>' +
        '<inner><on>false</on><at>2026-01-02T03:04:05.678Z</at><data>AP8=</data></inner>' +
        '<list><member><name>&lt;&amp;&gt;&quot;</name></member></list>' +
        '<map><entry><key>HOT</key><value>1</value></entry></map>' +
        '</DoResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></DoResponse>',
    );
    expect(queryProtocol.encode(tinyModel, act, { output: { list: [] }, requestId: 'r' })).toContain('<list></list>');
  });

  test('an operation without output answers an empty result', () => {
    expect(queryProtocol.encode(tinyModel, { name: 'Ping' }, { output: {}, requestId: 'r' })).toContain(
      '<PingResult></PingResult>',
    );
  });

  test('an error tells whose fault it is', () => {
    const error = { code: 'Odd', message: 'a < b', status: 429, fields: {} };
    expect(queryProtocol.encodeError(tinyModel, error, 'r')).toBe(
      '<ErrorResponse xmlns="http://tiny.example/doc/"><Error><Type>Sender</Type><Code>Odd</Code>' +
        '<Message>a &lt; b</Message></Error><RequestId>r</RequestId></ErrorResponse>',
    );
    expect(queryProtocol.encodeError(tinyModel, { ...error, status: 500 }, 'r')).toContain('<Type>Receiver</Type>');
  });
});
