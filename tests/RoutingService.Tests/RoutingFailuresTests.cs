using System.Net;

namespace Gateway.RoutingService.Tests;

public sealed class RoutingFailuresTests
{
    // So many that a kind with probability 1/4 is missed once in 10^24 runs.
    private const int Many = 200;

    [Fact]
    public async Task Server_error_is_a_problem_response()
    {
        await using var stub = await StubHost.StartAsync(("FailureRate", "1"), ("FailureKinds:0", "500"));

        using var response = await stub.PostAsync("some.key");

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Too_many_requests_has_retry_after()
    {
        await using var stub = await StubHost.StartAsync(
            ("FailureRate", "1"), ("FailureKinds:0", "429"), ("RetryAfterSeconds", "7"));

        using var response = await stub.PostAsync("some.key");

        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task Routed_false_is_a_200_without_other_members()
    {
        await using var stub = await StubHost.StartAsync(("FailureRate", "1"), ("FailureKinds:0", "routed-false"));

        using var response = await stub.PostAsync("some.key");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"routed":false}""");
    }

    [Fact]
    public async Task Timeout_delays_the_request_and_answers_504()
    {
        await using var stub = await StubHost.StartAsync(
            ("FailureRate", "1"), ("FailureKinds:0", "timeout"), ("TimeoutMs", "45000"));

        var answer = stub.PostAsync("some.key");
        await stub.Time.TimerRunsAsync(TimeSpan.FromSeconds(45));
        answer.IsCompleted.ShouldBeFalse();
        stub.Time.Advance(TimeSpan.FromSeconds(45));

        using var response = await answer;
        response.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
    }

    [Fact]
    public async Task Timeout_ends_when_the_client_disconnects()
    {
        await using var stub = await StubHost.StartAsync(("FailureRate", "1"), ("FailureKinds:0", "timeout"));
        using var leaving = new CancellationTokenSource();

        var answer = stub.PostAsync("some.key", leaving.Token);
        await stub.Time.TimerRunsAsync(TimeSpan.FromMinutes(1));
        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(answer);
        await stub.RequestEnded();
    }

    [Fact]
    public async Task Empty_failure_kinds_mean_all_kinds()
    {
        await using var stub = await StubHost.StartAsync(("FailureRate", "1"), ("TimeoutMs", "0"));

        (await StatusesAsync(stub)).ShouldBe([200, 429, 500, 504]);
    }

    [Fact]
    public async Task Only_configured_failure_kinds_occur()
    {
        await using var stub = await StubHost.StartAsync(
            ("FailureRate", "1"), ("FailureKinds:0", "429"), ("FailureKinds:1", "500"));

        (await StatusesAsync(stub)).ShouldBe([429, 500]);
    }

    [Fact]
    public async Task Failure_rate_between_0_and_1_fails_some_requests()
    {
        await using var stub = await StubHost.StartAsync(("FailureRate", "0.5"), ("FailureKinds:0", "500"));

        (await StatusesAsync(stub)).ShouldBe([200, 500]);
    }

    [Theory]
    [InlineData("DelayMs", "600001", "DelayMs: must be from 0 to 600000")]
    [InlineData("TimeoutMs", "-1", "TimeoutMs: must be from 0 to 600000")]
    [InlineData("FailureRate", "1.01", "FailureRate: must be from 0 to 1")]
    [InlineData("RetryAfterSeconds", "-1", "RetryAfterSeconds: must be from 0 to 86400")]
    [InlineData("FailureKinds:0", "503", "FailureKinds: must be some of 500, 429, timeout, routed-false")]
    public async Task Invalid_setting_stops_the_start_with_a_readable_line(string key, string value, string line)
    {
        var exception = await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => StubHost.StartAsync((key, value)));

        exception.Failures.ShouldBe([$"Gateway:RoutingService:{line}"]);
    }

    private static async Task<IEnumerable<int>> StatusesAsync(StubHost stub)
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => stub.PostAsync()));
        return responses.Select(response => (int)response.StatusCode).Distinct().Order();
    }
}
