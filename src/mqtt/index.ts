export { BrokerAccess, type BrokerPrincipal } from './access.js';
export { asyncApiDocument } from './asyncapi.controller.js';
export { MosquittoFiles } from './mosquitto-files.js';
export { MqttModule } from './mqtt.module.js';
export { MqttTransport, type BrokerAccount } from './transport.js';
