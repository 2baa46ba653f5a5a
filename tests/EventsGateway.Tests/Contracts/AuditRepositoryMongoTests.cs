namespace Gateway.EventsGateway.Tests.Contracts;

public sealed class AuditRepositoryMongoTests() : AuditRepositoryContract(new MongoStore());
