import type { ServiceModel } from './models.ts';
import { shapeOf } from './models.ts';
import type { Protocol } from './protocol.ts';
import { queryInput } from './query-input.ts';

/**
 * AWS query (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html): a form comes in, XML goes out.
 * The codes are ELBv2's: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/CommonErrors.html
 */
export const queryProtocol: Protocol = {
  codes: {
    invalid: 'ValidationError',
    malformed: 'MalformedQueryString',
    unknownOperation: 'InvalidAction',
    throttled: 'Throttling',
    broken: 'InternalFailure',
  },
  contentType: 'text/xml',
  decode: (model, operation, body) => queryInput(model, operation, new URLSearchParams(body.toString('utf8'))),
  encode: (model, operation, { output, requestId }) => {
    const { name, output: ref } = operation;
    const wrapper = ref?.resultWrapper ?? `${name}Result`;
    const result = `<${wrapper}>${ref === undefined ? '' : xml(model, ref.shape, output)}</${wrapper}>`;
    const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
    return `<${name}Response xmlns="${model.xmlNamespace}">${result}${metadata}</${name}Response>`;
  },
  encodeError: (model, { code, message, status }, requestId) => {
    const type = `<Type>${status >= 500 ? 'Receiver' : 'Sender'}</Type>`;
    const error = `<Error>${type}<Code>${escaped(code)}</Code><Message>${escaped(message)}</Message></Error>`;
    return `<ErrorResponse xmlns="${model.xmlNamespace}">${error}<RequestId>${requestId}</RequestId></ErrorResponse>`;
  },
};

/** The content of an element; the value is known to fit its shape. */
const xml = (model: ServiceModel, shapeName: string, value: unknown): string => {
  const shape = shapeOf(model, shapeName);
  const element = (tag: string, inner: string, item: unknown): string => `<${tag}>${xml(model, inner, item)}</${tag}>`;
  if (shape.type === 'structure') {
    const given = value as Record<string, unknown>;
    return Object.entries(shape.members ?? {})
      .filter(([member]) => given[member] !== undefined)
      .map(([member, ref]) => element(member, ref.shape, given[member]))
      .join('');
  }
  if (shape.type === 'list') {
    return (value as unknown[]).map((item) => element('member', shape.member?.shape ?? '', item)).join('');
  }
  if (shape.type === 'map') {
    return Object.entries(value as Record<string, unknown>)
      .map(
        ([key, item]) => element('key', shape.key?.shape ?? '', key) + element('value', shape.value?.shape ?? '', item),
      )
      .map((entry) => `<entry>${entry}</entry>`)
      .join('');
  }
  return escaped(text(value));
};

const text = (value: unknown): string => {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return String(value);
};

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#xD;' };

const escaped = (plain: string): string => plain.replace(/[&<>"\r]/g, (sign) => entities[sign] ?? sign);
