using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.EventsGateway.Monitoring;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;

/// <summary>What bodies cost that are still arriving: memory of one budget, and 30 s each.</summary>
public sealed class BodyArrivalTests
{
    private const int Mebibyte = 1024 * 1024;
    private const int HoldsAll = (8 * Mebibyte) + 1;

    private static readonly (string, string) LargeBodies = ("Webhook:MaxBodyBytes", $"{16 * Mebibyte}");

    [Fact]
    public async Task Bodies_above_the_budget_are_answered_503_at_once_and_usual_webhooks_are_accepted()
    {
        await using var host = GatewayHost.Start(LargeBodies);
        using var upload = await UploadAsync(host, 16 * Mebibyte, HoldsAll);
        await Until.TrueAsync(() => Budget(host).Held > HoldsAll);

        using var second = await UploadAsync(host, Mebibyte, arrived: Mebibyte / 2);
        var answer = await second.AnswerAsync();

        answer.Status.ShouldBe(503);
        answer.Text.ShouldContain("Retry-After: ");
        host.Services.GetRequiredService<RejectedRequestLog>().Latest(1).Single().Reason.ShouldBe(RejectionReason.Overloaded);
        await host.Client.AcceptedAsync(new Webhooks().Next());
    }

    [Fact]
    public async Task Upload_that_ends_early_gives_its_bytes_back()
    {
        await using var host = GatewayHost.Start(LargeBodies);
        var upload = await UploadAsync(host, 16 * Mebibyte, HoldsAll);
        await Until.TrueAsync(() => Budget(host).Held > HoldsAll);

        upload.Reset();

        await Until.TrueAsync(() => Budget(host).Held == 0);
    }

    [Fact]
    public async Task Announced_body_holds_nothing_before_it_arrives()
    {
        await using var host = GatewayHost.Start(LargeBodies);
        using var announced = await UploadAsync(host, 16 * Mebibyte, arrived: 5000);

        await Until.TrueAsync(() => Budget(host).Held > 0);

        Budget(host).Held.ShouldBe(8192 - BodyBudget.FreeBytes);
    }

    [Fact]
    public async Task Upload_that_lasts_longer_than_30_s_is_answered_408()
    {
        var time = new SteppedTime();
        await using var host = GatewayHost.Start(services => services.AddSingleton(
            provider => new BodyBudget(provider.GetRequiredService<IOptions<WebhookOptions>>(), time)));
        using var upload = await UploadAsync(host, 100, arrived: 1);
        await time.TimerRunsAsync(BodyBudget.LongestUpload);

        time.Advance(BodyBudget.LongestUpload);

        (await upload.AnswerAsync()).Status.ShouldBe(408);
    }

    private static BodyBudget Budget(GatewayHost host) => host.Services.GetRequiredService<BodyBudget>();

    private static async Task<RawConnection> UploadAsync(GatewayHost host, int length, int arrived)
    {
        var connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync((byte[])[.. RawConnection.Head(length, "x-signature: 00"), .. new byte[arrived]]);
        return connection;
    }
}
