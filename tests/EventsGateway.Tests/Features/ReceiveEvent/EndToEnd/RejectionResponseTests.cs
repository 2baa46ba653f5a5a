using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Tests.EndToEnd;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;

public sealed class RejectionResponseTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    /// <summary>The second column documents an intended difference from the original.</summary>
    public static TheoryData<string, string> Table
        => [.. ContractTable.Rows.Select(row => (row.Name, row.Deviation ?? "as the original"))];

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Rejection_answer_matches_the_contract(string name, string deviation)
    {
        var row = ContractTable.Rows.Single(row => row.Name == name);
        var request = row.Ask(gateway.Client);
        var path = request.RequestUri!.OriginalString;

        var (status, problem) = await gateway.Client.RejectedAsync(request);

        status.ShouldBe(row.Status, deviation);
        problem.GetProperty("statusCode").GetInt32().ShouldBe(row.Status);
        problem.GetProperty("status").GetInt32().ShouldBe(row.Status);
        problem.Text("timestamp")!.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z");
        problem.Text("path").ShouldBe(path);
        problem.Text("message").ShouldBe(row.Message);
        problem.TryGetProperty("error", out var error).ShouldBe(row.Error is not null);
        if (row.Error is not null) error.GetString().ShouldBe(row.Error);
        problem.FieldsWithErrors().ShouldBe(row.Fields);
    }

    [Fact]
    public async Task Size_is_checked_before_signature_media_type_and_syntax()
        => (await RejectionOf(new byte[102_401], signed: false, "text/plain")).ShouldBe(413);

    [Fact]
    public async Task Signature_is_checked_before_media_type_and_syntax()
        => (await RejectionOf("not json"u8.ToArray(), signed: false, "text/plain")).ShouldBe(401);

    [Fact]
    public async Task Media_type_is_checked_before_syntax()
        => (await RejectionOf("not json"u8.ToArray(), signed: true, "text/plain")).ShouldBe(415);

    [Fact]
    public async Task Syntax_is_checked_last()
        => (await RejectionOf("not json"u8.ToArray(), signed: true, "application/json")).ShouldBe(400);

    [Fact]
    public async Task HEAD_on_the_ingest_path_is_answered_404()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, GatewayClient.BasePath);

        using var answer = await gateway.Client.Http.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task Rejected_request_leaves_no_row()
    {
        await using var host = GatewayHost.Start();
        foreach (var row in ContractTable.Rows) await host.Client.RejectedAsync(row.Ask(host.Client));

        (await host.Client.CountsAsync()).GetProperty("accepted").GetInt64().ShouldBe(0);
    }

    private async Task<int> RejectionOf(byte[] body, bool signed, string type)
    {
        var request = gateway.Client.SignedRequest(body);
        if (!signed) request.Headers.Remove(Signature.Header);
        request.Content!.Headers.ContentType = new(type);
        return (await gateway.Client.RejectedAsync(request)).Status;
    }
}
