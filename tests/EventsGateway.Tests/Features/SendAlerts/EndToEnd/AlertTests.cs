using Gateway.EventsGateway.Findings;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Tests.Features.SendAlerts.EndToEnd;

/// <summary>From a status to the receiver.</summary>
public sealed class AlertTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public async Task Finding_reaches_webhook_and_slack_once()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        await using var slack = await AlertReceiver.StartAsync();
        await using var host = Start(
            ("Alerts:Webhook", receiver.Url), ("Alerts:Secret", Secret), ("Alerts:Slack", slack.Url));

        Set(host, "lag");
        await receiver.CameAsync(1);
        await slack.CameAsync(1);
        Set(host, "lag", "accept-slow");

        (await receiver.CameAsync(2)).Select(one => one.Finding).ShouldBe(["began lag", "began accept-slow"]);
        (await slack.CameAsync(2)).Count.ShouldBe(2);
        slack.All[0].Json.EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe("text");
        slack.All[0].Json.Text("text")!.ShouldStartWith("Attention: lag &lt;!here&gt; &amp; more.\nSince ");
    }

    [Fact]
    public async Task Message_is_signed_by_Standard_Webhooks()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        await using var host = Start(("Alerts:Webhook", receiver.Url), ("Alerts:Secret", Secret));

        Set(host, "lag");
        var message = (await receiver.CameAsync(1))[0];

        // Throws where the signature does not match.
        new StandardWebhooks.StandardWebhook(Secret).Verify(message.Body, message.Headers);
        Should.Throw<Exception>(() => new StandardWebhooks.StandardWebhook(Secret).Verify(message.Body + " ", message.Headers));
        message.Headers.ContentType.ToString().ShouldBe("application/json");
        var data = message.Json.GetProperty("data");
        (data.Text("state"), data.Text("host")).ShouldBe(("attention", Environment.MachineName));
        data.GetProperty("finding").Text("advice").ShouldBe("Do it.");
    }

    [Fact]
    public async Task Target_that_is_down_does_not_delay_ingest_and_is_a_finding()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        receiver.Status = 500;
        await using var host = GatewayHost.Start(("Alerts:Slack", receiver.Url));
        await host.Client.AcceptedAsync(new Webhooks().Next());
        var status = host.Services.GetRequiredService<CurrentStatus>();

        // The monitor writes the status again within a second, until the sender has read this one.
        await Until.TrueAsync(() =>
        {
            if (receiver.All.Count == 0) status.Latest = AlertReceiver.StatusOf("lag");
            return receiver.All.Count > 0;
        });
        await host.Client.AcceptedAsync(new Webhooks().Next());

        var found = await Until.TrueAsync(
            () => host.Client.GetAsync("/v1/events-gateway/status"),
            now => now.GetProperty("findings").EnumerateArray().Any(one => one.Text("id") == "alerts-not-delivered"));
        found.GetProperty("findings").EnumerateArray().Single(one => one.Text("id") == "alerts-not-delivered").Text("text")
            .ShouldBe("The target slack takes no alerts: 1 message waiting. It answered 500.");
        (await host.Client.Http.GetStringAsync("/metrics")).ShouldContain("gateway_alerts_waiting{");

        receiver.Status = 204;
        await Until.TrueAsync(
            () => host.Client.GetAsync("/v1/events-gateway/status"),
            now => now.GetProperty("findings").EnumerateArray().All(one => one.Text("id") != "alerts-not-delivered"));
        receiver.All.Select(one => one.Body).Distinct().Count().ShouldBe(1);
    }

    private static void Set(GatewayHost host, params string[] ids)
        => host.Services.GetRequiredService<CurrentStatus>().Latest = AlertReceiver.StatusOf(ids);

    /// <summary>A host whose status the test sets.</summary>
    private static GatewayHost Start(params (string, string)[] settings)
        => GatewayHost.Start(AlertHosts.WithoutMonitor, settings);
}

internal static class AlertHosts
{
    public static void WithoutMonitor(IServiceCollection services)
        => services.Remove(services.Single(one => one.ImplementationType == typeof(StatusMonitor)));
}
