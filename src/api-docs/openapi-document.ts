import { Injectable } from '@nestjs/common';

/** Holds the document that is made from the assembled app, so that a route of the same app can serve it. */
@Injectable()
export class OpenApiDocument {
  value: object = {};
}
