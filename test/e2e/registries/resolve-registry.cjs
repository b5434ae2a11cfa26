/*
 * Node.js loads this file before a function of the local cloud: LIGHTSAIL_REGISTRY_HOST is this machine. The registry needs a name of its
 * own, because MiniStack takes TLS away from requests to 127.0.0.1.
 */
const dns = require('node:dns');

const { lookup } = dns;

dns.lookup = (hostname, ...others) => lookup(hostname === process.env.LIGHTSAIL_REGISTRY_HOST ? '127.0.0.1' : hostname, ...others);
