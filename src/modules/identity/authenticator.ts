import { Injectable } from '@nestjs/common';
import { Problem } from '../../common/http/problem.js';
import type { Actor } from './actor.js';
import { ApiKeysService } from './api-keys/api-keys.service.js';
import { DeviceCredentials } from './devices/device-credentials.js';
import { permissionsOf } from './permissions.js';
import { SignedInUsers } from './sessions/signed-in-users.js';

/** What a request shows of itself. `Authorization` counts before `X-API-Key`. */
export interface ShownCredentials {
  authorization?: string;
  apiKey?: string;
}

const DEVICE_PERMISSIONS = permissionsOf(['device']);

/** From what a request shows to who makes it; 401 with a code that says why not. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly users: SignedInUsers,
    private readonly apiKeys: ApiKeysService,
    private readonly devices: DeviceCredentials,
  ) {}

  /** `acceptDevices`: a cluster may show its own credential by HTTP Basic. */
  async authenticate(shown: ShownCredentials, acceptDevices: boolean): Promise<Actor> {
    if (shown.authorization !== undefined) {
      const [, scheme = '', value = ''] = /^(\S+) +(\S+) *$/.exec(shown.authorization) ?? [];
      if (scheme.toLowerCase() === 'bearer') return this.users.authenticate(value);
      if (scheme.toLowerCase() === 'basic' && acceptDevices) return this.device(value);
      throw schemeNotAccepted();
    }
    if (shown.apiKey !== undefined) return this.apiKeys.authenticate(shown.apiKey);
    throw Problem.unauthorized({ en: 'Please sign in.', vi: 'Vui lòng đăng nhập.' }, 'CREDENTIALS_MISSING');
  }

  private async device(basic: string): Promise<Actor> {
    const text = Buffer.from(basic, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    const [deviceId, secret] = [text.slice(0, Math.max(0, colon)), text.slice(colon + 1)];
    if (colon < 1 || !(await this.devices.verify(deviceId, secret)))
      throw Problem.unauthorized(
        {
          en: 'This is not a valid credential of a cluster.',
          vi: 'Thông tin xác thực của cụm loa không hợp lệ.',
        },
        'DEVICE_CREDENTIAL_INVALID',
      );
    return {
      kind: 'device',
      id: deviceId,
      name: deviceId,
      permissions: DEVICE_PERMISSIONS,
      jurisdictionAreaId: null,
    };
  }
}

const schemeNotAccepted = () =>
  Problem.unauthorized(
    {
      en: 'This way of signing in is not accepted here.',
      vi: 'Cách xác thực này không được chấp nhận ở đây.',
    },
    'SCHEME_NOT_ACCEPTED',
  );
