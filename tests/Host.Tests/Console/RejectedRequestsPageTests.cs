using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

[Collection(ConsoleCollection.Name)]
public sealed class RejectedRequestsPageTests(Chromium chromium)
{
    private static readonly object Conflict = new
    {
        at = "2026-02-25T14:30:00.000Z", status = 202, reason = "conflict", message = "accepted",
        hint = "the first body stays; a correction needs an id of its own", fields = new { },
        headerNames = (string[]?)null, bodyBytes = 2, shippingCompanyId = "dhl", eventId = "evt-1",
    };

    [Fact]
    public async Task Rejected_request_is_shown_with_its_reason_and_without_secrets()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "rejected");
        await visit.LiveAsync();
        var body = new Webhooks().Next().ToBytes();
        var signature = Signature.Of(body, "not the secret");
        var request = host.Client.SignedRequest(body);
        request.Headers.Remove(Signature.Header);
        request.Headers.Add(Signature.Header, signature);

        (await host.Client.RejectedAsync(request)).Status.ShouldBe(401);

        var rejection = visit.Page.Locator("details[data-reason=invalid_signature]");
        await rejection.Locator("summary").ClickAsync();
        await Expect(rejection).ToContainTextAsync("Invalid signature");
        await Expect(rejection).ToContainTextAsync("SHA-256 of the body");
        var page = await visit.Page.ContentAsync();
        page.ShouldNotContain(signature);
        page.ShouldNotContain(GatewayHost.Secret);
    }

    [Fact]
    public async Task Explanation_for_the_sender_can_be_copied()
    {
        await using var host = GatewayHost.Start();
        var body = (new Webhooks().Next() with { OccurredAt = "yesterday" }).ToBytes();
        (await host.Client.RejectedAsync(host.Client.SignedRequest(body))).Status.ShouldBe(400);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "rejected?reason=invalid_field");
        await visit.AllowClipboardAsync();

        await visit.Page.Locator("details[data-reason=invalid_field] summary").ClickAsync();
        await visit.Button("Copy explanation").ClickAsync();
        await Expect(visit.Page.GetByText("Copied")).ToBeVisibleAsync();

        var text = await visit.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        text.ShouldContain("was answered 400");
        text.ShouldContain("Invalid field. Wrong or missing: occurredAt.");
        text.ShouldContain("occurredAt: ");
    }

    [Fact]
    public async Task Conflict_is_shown_with_a_link_to_the_accepted_event()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.Page.RouteAsync(
            "**/rejections?*", route => route.FulfillAsync(new() { Json = new { items = new[] { Conflict } } }));
        await visit.AllowClipboardAsync();
        await visit.GoAsync("rejected?reason=conflict");

        var conflict = visit.Page.Locator("details[data-reason=conflict]");
        await Expect(conflict.Locator("summary")).ToContainTextAsync("Conflict: same event ID, different body");
        await conflict.Locator("summary").ClickAsync();
        await Expect(conflict).ToContainTextAsync("The first body stays; a correction needs an id of its own.");
        await Expect(visit.Link("evt-1")).ToHaveAttributeAsync("href", "#/events/dhl.evt-1");
        await visit.Button("Copy explanation").ClickAsync();
        await Expect(visit.Page.GetByText("Copied")).ToBeVisibleAsync();

        var text = await visit.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        text.ShouldContain("for event evt-1 was answered 202 (accepted).");
        text.ShouldContain("Conflict: same event ID, different body. The first body stays; a correction needs an id of its own.");
        text.ShouldContain("Received:\n  2 bytes");
    }

    [Fact]
    public async Task Overview_links_to_the_reason_of_a_rejection()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.LiveAsync();
        using var unsigned = new ByteArrayContent(new Webhooks().Next().ToBytes());
        using var answer = await host.Client.Http.PostAsync(GatewayClient.BasePath, unsigned);

        await visit.Link("Missing signature").ClickAsync();

        await Expect(visit.Page.Locator("details[data-reason=missing_signature]")).ToHaveCountAsync(1);
    }
}
