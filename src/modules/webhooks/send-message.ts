import http from 'node:http';
import https from 'node:https';
import { Webhook } from 'standardwebhooks';
import { resolveTarget } from './address-guard.js';

export interface Message {
  url: string;
  secret: string;
  /** The same at each attempt: receivers know by it what they have had already. */
  id: string;
  body: string;
}
export interface SendOptions {
  allowPrivate: boolean;
  timeoutMs: number;
  signal?: AbortSignal;
}
/** What came of it. `status` is null when there was no answer; `error` is null when it was taken. */
export interface Sent {
  status: number | null;
  error: string | null;
}

/**
 * Sends one signed message (Standard Webhooks). Taken is what is answered with 2xx within the time; redirects are not
 * followed, and nothing of the answer but its status is read. Never throws.
 */
export async function sendMessage(message: Message, options: SendOptions): Promise<Sent> {
  const limit = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([limit, options.signal]) : limit;
  try {
    const status = await Promise.race([post(message, options.allowPrivate, signal), aborted(signal)]);
    if (status >= 200 && status < 300) return { status, error: null };
    const redirect = status >= 300 && status < 400 ? '; redirects are not followed' : '';
    return { status, error: `answered with ${status}${redirect}` };
  } catch (error) {
    if (limit.aborted) return { status: null, error: `no answer within ${options.timeoutMs / 1000} s` };
    return { status: null, error: reason(error) };
  }
}

async function post({ url: text, secret, id, body }: Message, allowPrivate: boolean, signal: AbortSignal) {
  const url = new URL(text);
  const { address, family } = await resolveTarget(url, allowPrivate);
  signal.throwIfAborted();
  const at = new Date();
  const payload = Buffer.from(body);
  return new Promise<number>((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      method: 'POST',
      agent: false,
      signal,
      // The address that was checked, whatever the name resolves to by now.
      lookup: (_host, options, done) =>
        options.all ? done(null, [{ address, family }]) : done(null, address, family),
      headers: {
        'content-type': 'application/json',
        'content-length': payload.length,
        'user-agent': 'phu-song-webhooks/1',
        'webhook-id': id,
        'webhook-timestamp': Math.floor(at.getTime() / 1000),
        'webhook-signature': new Webhook(secret).sign(id, at, body),
      },
    });
    request.on('response', (answer) => {
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    });
    request.on('error', reject);
    request.end(payload);
  });
}

/** Looking up a name cannot be stopped, but nobody has to wait for it. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = () => reject(new Error('stopped'));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  const text = error.message || (typeof code === 'string' ? code : error.name);
  return text.slice(0, 500);
}
