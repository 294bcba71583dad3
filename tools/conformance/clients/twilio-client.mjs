import twilio from 'twilio';

export const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;

// The SDK knows no base URL: a client of its own sends what is meant for
// *.twilio.com, next pages too, to the mock.
export function twilioClient(base) {
  const http = new twilio.RequestClient();
  const send = http.request.bind(http);
  http.request = (options) => send({ ...options, uri: options.uri.replace(/^https:\/\/[a-z.]+\.twilio\.com/, base) });
  return twilio(ACCOUNT, 'test', { httpClient: http });
}

export const gone = (e) => e.constructor.name === 'RestException' && e.status === 404;

export async function* pages(list, options) {
  for (let page = await list.page(options); page; page = await page.nextPage()) yield page.instances;
}
