/*
 * Node.js loads this file before a function of the local cloud. A connection to a registry of Amazon ECR then goes to
 * ECR_TLS_ADDRESS. The name in the certificate is still the registry's.
 */
const tls = require('node:tls');

const { connect } = tls;
const [host, port] = process.env.ECR_TLS_ADDRESS.split(':');

tls.connect = (options, ...others) => connect(/\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com$/.test(options?.host) ? { ...options, host, port: Number(port) } : options, ...others);
