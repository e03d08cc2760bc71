import { Module } from '@nestjs/common';
import { ApiDocsController } from './api-docs.controller.js';
import { OpenApiDocument } from './openapi-document.js';

@Module({ controllers: [ApiDocsController], providers: [OpenApiDocument], exports: [OpenApiDocument] })
export class ApiDocsModule {}
