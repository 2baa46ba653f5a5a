using System.Net;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>The database of the profile Embedded is lost while the process runs.</summary>
public sealed class DatabaseFileTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Webhooks _webhooks = new();

    [Fact]
    public async Task Removed_database_is_not_ready_answers_503_and_the_log_names_the_way_out()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the name of an open file is known on Linux alone");
        await using var gateway = await GatewayProcess.StartAsync(_folder.Path);
        await gateway.Client.AcceptedAsync(_webhooks.Next());

        File.Delete(Path.Combine(_folder.Path, "data", "gateway.db"));

        // The first request after it, not only those after a probe.
        using var webhook = await gateway.Client.PostSignedAsync(_webhooks.Next());
        // A probe of the second before is still shown.
        using var ready = await Until.TrueAsync(
            () => gateway.Client.Http.GetAsync("/health/ready"), answer => answer.StatusCode != HttpStatusCode.OK);
        using var live = await gateway.Client.Http.GetAsync("/health/live");
        webhook.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Until.TrueAsync(() => gateway.Output.Any(line => line.Contains("Readiness changed to not ready")
            && line.Contains("stop the gateway, restore a backup or run .recover")));
        await gateway.KillAsync();

        await using var next = GatewayProcess.Launch(
            _folder.Path, [("ASPNETCORE_ENVIRONMENT", "Development"), ("Gateway__Webhook__Secret", GatewayHost.Secret)]);
        (await next.ExitAsync()).ShouldBe(1);
        next.Errors.ShouldContain(line => line.Contains("is missing, but its write-ahead log is there"));
    }

    public void Dispose() => _folder.Dispose();
}
