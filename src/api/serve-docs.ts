import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { type ApiOptions, loadTarget } from './load-project.ts';

export interface ServeOptions extends ApiOptions {
  /** Address to listen at; this machine alone when absent. */
  readonly host?: string | undefined;
  /** 0: any that is free. */
  readonly port?: number | undefined;
}

/** A server that runs until it is closed. */
export interface DocsServer {
  readonly url: string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'catalog.json': 'application/json',
  'manifest.json': 'application/json',
  'run_results.json': 'application/json',
  'sources.json': 'application/json',
};

const USUAL_HOST = '127.0.0.1';
const USUAL_PORT = 8080;

/**
 * Serves what `generateDocs` wrote into the target folder: the page and the artifacts, and no other file.
 * @throws ConfigError 'input-missing' where there is no page, 'usage' for an address that is taken
 */
export async function serveDocs(options: ServeOptions): Promise<DocsServer> {
  const { settings } = await loadTarget(options);
  const { targetDir } = settings;
  const { host = USUAL_HOST, port = USUAL_PORT } = options;
  const page = await readFile(join(targetDir, 'index.html')).catch(() => undefined);
  if (!page) {
    throw new ConfigError('input-missing', `there is no page in ${targetDir} yet`, {
      hint: 'velo docs generate',
    });
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://docs');
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    void answer(join(targetDir, name), TYPES[name], response);
  });
  await new Promise<void>((ready, failed) => {
    server.once('error', (error) => failed(unusable(host, port, error)));
    server.listen(port, host, ready);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}/`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  file: string,
  type: string | undefined,
  response: ServerResponse,
): Promise<void> {
  const body = type === undefined ? undefined : await readFile(file).catch(() => undefined);
  response.writeHead(body ? 200 : 404, {
    'content-type': (body && type) ?? 'text/plain; charset=utf-8',
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
  });
  response.end(body ?? 'There is no such file.\n');
}

const unusable = (host: string, port: number, error: Error): ConfigError =>
  new ConfigError('usage', `cannot listen at ${host}:${port}: ${error.message}`, {
    hint: 'velo docs serve --port 0 takes any port that is free',
    cause: error,
  });
