export * from './container-image';
export * from './container-props';
export * from './container-protocol';
export * from './container-service';
export * from './container-service-deployment';
export * from './public-endpoint';
