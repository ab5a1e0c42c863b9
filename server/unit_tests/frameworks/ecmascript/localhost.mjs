// The sandbox has no file of hosts, and what runs tests asks for this one's own name.

import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

const ADDRESS = { address: '127.0.0.1', family: 4 };
const { lookup } = dns;
const inPromise = dns.promises.lookup;

dns.lookup = (name, options, callback) => {
  if (name !== 'localhost') return lookup(name, options, callback);
  const done = callback ?? options;
  const isAll = typeof options === 'object' && options?.all;
  return setImmediate(() => (isAll ? done(null, [ADDRESS]) : done(null, ADDRESS.address, ADDRESS.family)));
};
dns.promises.lookup = async (name, options) => {
  if (name !== 'localhost') return inPromise.call(dns.promises, name, options);
  return options?.all ? [ADDRESS] : ADDRESS;
};
syncBuiltinESMExports();
