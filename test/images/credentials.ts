/** Only ever valid at registries that a test starts. */
export const CREDENTIALS = { username: 'test', password: 'test-Pass_w0rd.1' };

/** The same password, as bcrypt has it. */
export const HTPASSWD = 'test:$2b$04$21usPWz5k4AU0ic4tfTUQua/pfHytcbyuSVRx4ggxU4xULiCZ2Ovm\n';
