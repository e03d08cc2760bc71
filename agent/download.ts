import { open, rm, stat } from 'node:fs/promises';
import type { ReasonCode } from '../src/contract/index.js';

/** Why a file is not there. Transient: trying again later may help. */
export class MediaError extends Error {
  override readonly name = 'MediaError';
  readonly code: ReasonCode;
  readonly transient: boolean;

  constructor(code: ReasonCode, message: string, transient: boolean) {
    super(message);
    this.code = code;
    this.transient = transient;
  }
}

export interface DownloadRequest {
  url: string;
  authorization: string;
  /** Where the bytes go; what lies there already is gone on with. */
  file: string;
  maxBytes: number;
  /** Given up after so long without a byte, ms. */
  idleMs?: number;
}

const IDLE_MS = 30_000;

/**
 * Fetches a file over HTTP, from where an earlier attempt broke off (Range). Resolves to whether it was gone on with;
 * rejects with a MediaError, leaving the part for the next attempt when that may help.
 */
export async function download(request: DownloadRequest): Promise<boolean> {
  const have = await sizeOf(request.file);
  if (have >= request.maxBytes) {
    // Complete already, or too long to be right: the caller's hash decides.
    if (have === request.maxBytes) return true;
    await rm(request.file, { force: true });
    return download(request);
  }
  const abort = new AbortController();
  const idleMs = request.idleMs ?? IDLE_MS;
  let idle = setTimeout(() => abort.abort(), idleMs);
  const alive = (): void => {
    clearTimeout(idle);
    idle = setTimeout(() => abort.abort(), idleMs);
  };
  try {
    const response = await fetch(request.url, {
      headers: { authorization: request.authorization, ...(have > 0 && { range: `bytes=${have}-` }) },
      // The credential is for this server only.
      redirect: 'error',
      signal: abort.signal,
    });
    const resumed = response.status === 206 && have > 0 && startsAt(response, have);
    if (response.status !== 200 && !resumed) {
      await response.body?.cancel();
      // A range that is refused or answered with another: next time from the beginning.
      if (have > 0) await rm(request.file, { force: true });
      throw new MediaError('MEDIA_UNAVAILABLE', `the server answered ${response.status}`, true);
    }
    await save(response, request, resumed ? have : 0, alive);
    return resumed;
  } catch (error) {
    if (error instanceof MediaError) throw error;
    const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    throw new MediaError(full ? 'STORAGE' : 'MEDIA_UNAVAILABLE', reasonOf(error), true);
  } finally {
    clearTimeout(idle);
  }
}

async function save(
  response: Response,
  request: DownloadRequest,
  from: number,
  alive: () => void,
): Promise<void> {
  if (response.body === null) throw new MediaError('MEDIA_UNAVAILABLE', 'an answer without a body', true);
  const handle = await open(request.file, from > 0 ? 'a' : 'w');
  let written = from;
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      alive();
      written += chunk.byteLength;
      if (written > request.maxBytes) {
        throw new MediaError('MEDIA_TOO_LARGE', `more than the ${request.maxBytes} bytes announced`, false);
      }
      await handle.write(chunk);
    }
  } catch (error) {
    if (error instanceof MediaError) await rm(request.file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

function startsAt(response: Response, offset: number): boolean {
  return response.headers.get('content-range')?.startsWith(`bytes ${offset}-`) ?? false;
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
