using System.Net;
using Gateway.TestSupport;
using Microsoft.Extensions.Configuration;

namespace Gateway.Host.Tests.Configuration;

/// <summary>All flat variables of the original work. They override the files; the variables of the keys override them.</summary>
public sealed class LegacyEnvironmentVariablesTests : IDisposable
{
    private const string FromFile = "development-secret-not-for-production";
    private const string FromFlat = "the secret of WEBHOOK_SECRET";
    private const string FromOurs = "the secret of Gateway__Webhook__Secret";

    private readonly TempFolder _folder = new();

    /// <summary>An invalid value of each variable: its startup error proves that the value reaches the option.</summary>
    public static TheoryData<string, string> Invalid => new()
    {
        { "PORT", "65536" },
        { "WEBHOOK_SECRET", "short" },
        { "RABBITMQ_URL", "http://rabbitmq" },
        { "REDIS_HOST", " " },
        { "REDIS_PORT", "0" },
        { "REDIS_PASSWORD", new string('x', 513) },
        { "REDIS_SENTINELS", "http://sentinel" },
        { "REDIS_IDEMPOTENCY_TTL", "0" },
        { "MONGODB_URI", "http://mongo" },
        { "WORKER_PREFETCH", "0" },
        { "WORKER_MAX_RETRIES", "-1" },
        { "ROUTING_SERVICE_URL", "ftp://routing" },
        { "ROUTING_SERVICE_DELAY_MS", "-1" },
        { "WEBHOOK_SECRET_FILE", "no file" },
        { "RABBITMQ_URL_FILE", "no file" },
        { "REDIS_PASSWORD_FILE", "no file" },
        { "MONGODB_URI_FILE", "no file" },
        { "ROUTING_SERVICE_URL_FILE", "no file" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task Flat_variable_sets_its_option(string variable, string value)
    {
        await using var gateway = GatewayProcess.Launch(
            _folder.Path,
            ("Gateway__Profile", "Distributed"), ("WEBHOOK_SECRET", GatewayHost.Secret),
                ("ROUTING_SERVICE_URL", "http://127.0.0.1:9/route"), (variable, value));

        (await gateway.ExitAsync()).ShouldBe(1);
        gateway.Errors.ShouldHaveSingleItem().ShouldStartWith(LegacyEnvironmentVariables.Keys[variable]);
    }

    [Fact]
    public void Every_flat_variable_is_tested()
        => Invalid.Select(row => row.Data.Item1).ShouldBe(LegacyEnvironmentVariables.Keys.Keys, ignoreOrder: true);

    [Theory]
    [InlineData("", "", FromFile)]
    [InlineData(FromFlat, "", FromFlat)]
    [InlineData(FromFlat, FromOurs, FromOurs)]
    [InlineData("", FromOurs, FromOurs)]
    public async Task Key_variable_overrides_the_flat_variable_which_overrides_the_file(string flat, string ours, string winner)
    {
        await using var gateway = GatewayProcess.Launch(
            _folder.Path,
            ("ASPNETCORE_ENVIRONMENT", "Development"), ("WEBHOOK_SECRET", flat), ("Gateway__Webhook__Secret", ours));
        await gateway.ReadyAsync();

        foreach (var secret in new[] { FromFile, FromFlat, FromOurs })
        {
            using var courier = gateway.NewClient(secret);
            using var answer = await courier.PostSignedAsync(new Webhooks().Next());
            answer.StatusCode.ShouldBe(secret == winner ? HttpStatusCode.Accepted : HttpStatusCode.Unauthorized);
        }
    }

    /// <summary>Kubernetes sets REDIS_PORT so where a service is called redis.</summary>
    [Theory]
    [InlineData("tcp://10.96.0.12:6379", null, "10.96.0.12", "6379")]
    [InlineData("tcp://10.96.0.12:6380", "cache", "cache", "6380")]
    [InlineData("6381", null, null, "6381")]
    public void Service_link_of_Redis_is_read(string port, string? host, string? expectedHost, string expectedPort)
    {
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([new("REDIS_PORT", port), new("REDIS_HOST", host)]);

        configuration.AddLegacyEnvironmentVariables();

        configuration["Gateway:Redis:Host"].ShouldBe(expectedHost);
        configuration["Gateway:Redis:Port"].ShouldBe(expectedPort);
    }

    [Theory]
    [InlineData("NODE_ENV=development WORKER_PREFETCH=10 WORKER_MAX_RETRIES=3", "NODE_ENV: ", "PREFETCH=10: ", "RETRIES=3: ")]
    [InlineData("RABBITMQ_DLQ=q RABBITMQ_QUEUE=q WORKER_PREFETCH=20", "RABBITMQ_QUEUE, RABBITMQ_DLQ: not read here")]
    [InlineData("WORKER_PREFETCH=10 Gateway:Role=Worker", "WORKER_PREFETCH=10: at most 10 routing calls at once in this process")]
    [InlineData("WORKER_PREFETCH=100 WORKER_MAX_RETRIES=3")]
    [InlineData("NODE_ENV=production WORKER_PREFETCH=10 WORKER_MAX_RETRIES=3 Gateway:Role=Ingest", "NODE_ENV: not read here")]
    public void Environment_of_the_original_is_explained(string variables, params string[] warnings)
    {
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(variables.Split(' ').Select(pair => pair.Split('='))
            .Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1])));

        var found = LegacyEnvironmentVariables.WarningsOf(configuration).ToList();

        found.Count.ShouldBe(warnings.Length);
        foreach (var (warning, expected) in found.Zip(warnings)) warning.ShouldContain(expected);
    }

    [Fact]
    public async Task Explanation_is_logged_at_the_start()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder.Path, ("WORKER_PREFETCH", "10"));

        gateway.Output.ShouldContain(line => line.Contains("Variable of the NestJS original: WORKER_PREFETCH=10"));
    }

    [Fact]
    public async Task Port_0_takes_a_free_loopback_port_in_development()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder.Path, ("ASPNETCORE_URLS", ""), ("PORT", "0"));

        gateway.Address.Host.ShouldBe("127.0.0.1");
        gateway.Address.Port.ShouldBeGreaterThan(0);
    }

    public void Dispose() => _folder.Dispose();
}
