namespace Gateway.EventsGateway.Tests.Contracts.AuditRepository;

public sealed class AuditRepositoryMongoTests() : AuditRepositoryContract(new MongoStore());
