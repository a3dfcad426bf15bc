// Builds answers. Promises: success and error bodies have the documented V3 shape; V2 errors are arrays.

const TYPE_URL = 'https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes';

const TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: "You don't have a required scope to access the endpoint",
  404: 'The requested resource was not found.',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  422: 'JSON data is missing or invalid',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Documented, but this simulated store does not do it',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  507: 'Insufficient Storage',
};

/** Thrown by handlers; becomes the answer. */
export class Refusal extends Error {
  constructor(status, title, errors = {}, more = {}) {
    super(title ?? TITLES[status]);
    Object.assign(this, { status, title: title ?? TITLES[status], errors, more });
  }
  body(version = 'v3') {
    return errorBody(this, version);
  }
}

export function errorBody({ status, title, errors = {}, more = {} }, version = 'v3') {
  if (version === 'v2') return [{ status, message: title }];
  return { status, title, type: TYPE_URL, ...more, errors };
}

export const plainError = (status) => new Refusal(status);
export const ok = (data, status = 200) => ({ status, body: { data, meta: {} } });
export const noContent = () => ({ status: 204 });
export const answer = (status, body) => ({ status, body });
export { TYPE_URL, TITLES };
