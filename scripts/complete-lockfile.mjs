// Adds to package-lock.json the packages of other platforms that the registry at hand did not carry when
// `npm install` ran. Without them `npm ci` calls the lock file out of date, on every platform. Run it after
// each `npm install`. The entries have a version and no checksum: npm asks the registry of whoever needs them.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));

/** What npm reads off a package to know whether it is for this machine; by the parts of its name. */
function platformOf(name) {
  const parts = name.split('/').at(-1).split('-');
  const os = ['darwin', 'linux', 'win32', 'android', 'freebsd', 'openharmony', 'wasm32'].find(
    (one) => parts.includes(one),
  );
  const cpu = ['arm64', 'x64', 'ia32', 'arm', 'riscv64', 's390x', 'ppc64'].find((one) =>
    parts.includes(one),
  );
  const libc = parts.some((part) => part.startsWith('musl'))
    ? 'musl'
    : parts.some((part) => part.startsWith('gnu'))
      ? 'glibc'
      : undefined;
  if (os === 'wasm32') return { cpu: ['wasm32'] };
  return {
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(os === 'linux' && libc ? { libc: [libc] } : {}),
    ...(os ? { os: [os] } : {}),
  };
}

const added = {};
for (const [path, { dev, optionalDependencies = {} }] of Object.entries(lock.packages)) {
  if (path === '') continue;
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const place = `node_modules/${name}`;
    if (lock.packages[place] || lock.packages[`${path}/${place}`]) continue;
    if (!/^\d/.test(version)) throw new Error(`${name} has no exact version: ${version}`);
    added[place] = { version, ...(dev ? { dev } : {}), optional: true, ...platformOf(name) };
  }
}
const packages = Object.entries({ ...lock.packages, ...added });
packages.sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries(packages);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${Object.keys(added).length} packages of other platforms added\n`);
