import os from 'node:os';
import path from 'node:path';

/** One name per test run, handed from jest's global set-up to its workers in the environment. */
const RUN = 'PHU_SONG_TEST_RUN';

export function startRun(): void {
  process.env[RUN] = `${process.pid}_${Date.now()}`;
}
function run(): string {
  const name = process.env[RUN];
  if (!name) throw new Error("jest's global set-up has not run");
  return name;
}
export const templateTar = () => path.join(os.tmpdir(), `phu-song-test-${run()}.tar.gz`);
export const templateName = () => `phusong_template_${run()}`;
