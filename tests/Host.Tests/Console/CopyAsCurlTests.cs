using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

/// <summary>The curl command of an event's request.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class CopyAsCurlTests(Chromium chromium)
{
    private const string OfSource = """
        async () => {
          const { curlOf } = await import('/console/assets/components/curl.js');
          const source = {
            path: '/v1/hooks/{token}', signature: '{header.X-Sign}',
            signedContent: '{header.X-Time}.{query.nonce}.{body}',
          };
          const headers = { 'header.X-Topic': "it's", 'query.nonce': 'n 1', 'header.X-Sign': 'old' };
          return curlOf({ source: 'courier', headers, body: 'a=1&b=2' }, source);
        }
        """;

    [Fact]
    public async Task Copied_curl_command_is_accepted_by_the_gateway_once_it_is_signed()
    {
        await using var host = GatewayHost.Start();
        var webhook = new Webhooks().Next() with { Payload = new { note = "it's \"quoted\" \\ $HOME `x` é" } };
        var key = await host.Client.AcceptedAsync(webhook);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, $"events/{key}");
        await visit.AllowClipboardAsync();

        await visit.Button("Copy as curl").ClickAsync();
        await Expect(visit.Page.GetByText("Copied", new() { Exact = true })).ToBeVisibleAsync();
        var copied = await visit.Page.EvaluateAsync<string>("navigator.clipboard.readText()");

        copied.ShouldContain($"{host.Address}v1/events-gateway'");
        copied.ShouldContain("-H 'x-signature: <signature>'", Case.Insensitive);
        (await RunAsync(copied)).ShouldContain("HTTP/1.1 401");
        var answer = await RunAsync(copied.Replace(
            "<signature>", Signature.Of(webhook.ToBytes(), GatewayHost.Secret), StringComparison.Ordinal));
        answer.ShouldContain("HTTP/1.1 202");
        answer.ShouldContain("Idempotent-Replayed: true", Case.Insensitive);
    }

    [Fact]
    public async Task Command_has_the_path_the_kept_values_and_placeholders_of_its_source()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);

        var command = await visit.Page.EvaluateAsync<string>(OfSource);

        command.ShouldBe($$"""
            curl -i -X POST '{{host.Address}}v1/hooks/{token}?nonce=n%201' \
              -H 'Content-Type: application/x-www-form-urlencoded' \
              -H 'X-Topic: it'\''s' \
              -H 'X-Sign: <signature>' \
              -H 'X-Time: <X-Time>' \
              --data-raw 'a=1&b=2'
            """);
    }

    private static async Task<string> RunAsync(string command)
    {
        var start = new System.Diagnostics.ProcessStartInfo("bash", ["-c", $"{command} -sS --noproxy '*'"])
        {
            RedirectStandardOutput = true,
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }
}
