using System.Reflection;
using Gateway.EventsGateway.Features;
using Gateway.EventsGateway.Features.EraseEvents;
using Gateway.Shared.Operator;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Routing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Tests.EndToEnd;

public sealed class EndpointRoleTests
{
    /// <summary>What senders, probes and browsers call without a key.</summary>
    private static readonly string[] Open =
    [
        "", "health", "health/live", "health/ready", "metrics", "docs/senders", "api-docs/{documentName?}",
        "api-docs-json/{documentName=senders}",
        "v1/events-gateway", "v1/routing-service", "console", "console/assets/{**name}", "console/session",
    ];

    [Fact]
    public async Task Every_endpoint_is_open_on_purpose_or_states_its_least_role()
    {
        await using var host = GatewayHost.Start();
        var endpoints = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();

        endpoints.Count.ShouldBeGreaterThan(20);
        endpoints.Where(endpoint => !(IsGuarded(endpoint) && endpoint.Metadata.GetMetadata<NeedsRoleAttribute>() is not null))
            .Select(endpoint => endpoint.RoutePattern.RawText!.Trim('/'))
            .Where(route => !Open.Contains(route) && !route.StartsWith("api-docs/", StringComparison.Ordinal))
            .ShouldBeEmpty();
        endpoints.Where(IsGuarded).Count(endpoint => Open.Contains(endpoint.RoutePattern.RawText!.Trim('/'))).ShouldBe(0);
    }

    /// <summary>Also those that only the profile Distributed has.</summary>
    [Fact]
    public void Every_action_for_operators_states_its_least_role()
    {
        var actions = typeof(OperatorController).Assembly.GetTypes()
            .Where(type => typeof(ControllerBase).IsAssignableFrom(type) && !type.IsAbstract
                && type.IsDefined(typeof(OperatorOnlyAttribute)))
            .SelectMany(type => type.GetMethods().Where(method => method.IsDefined(typeof(HttpMethodAttribute))))
            .ToList();

        actions.Count.ShouldBeGreaterThan(15);
        actions.Where(action => !action.IsDefined(typeof(NeedsRoleAttribute))
                && !action.DeclaringType!.IsDefined(typeof(NeedsRoleAttribute)))
            .Select(action => $"{action.DeclaringType!.Name}.{action.Name}").ShouldBeEmpty();
        typeof(EraseEventsController).GetCustomAttribute<NeedsRoleAttribute>()!.Role.ShouldBe(OperatorRole.Admin);
    }

    [Theory]
    [InlineData("GET", "pauses", 200)]
    [InlineData("POST", "replays", 403)]
    [InlineData("POST", "events/dismiss", 403)]
    [InlineData("POST", "pauses", 403)]
    [InlineData("DELETE", "pauses", 403)]
    [InlineData("POST", "erasures", 403)]
    [InlineData("POST", "shipments/dhl.1/reopen", 403)]
    [InlineData("POST", "sources/gateway/try", 403)]
    public async Task Key_with_the_role_read_changes_nothing(string verb, string route, int expected)
    {
        await using var host = GatewayHost.Start(
            ("Operator:Keys:ann:Role", "read"), ("Operator:Keys:ann:Key", "the first key of ann"));
        using var request = new HttpRequestMessage(new HttpMethod(verb), $"{GatewayClient.BasePath}/{route}");
        if (verb == "POST") request.Content = new StringContent("{}", null, "application/json");
        request.Headers.Add("X-Api-Key", "the first key of ann");

        using var answer = await host.Client.Http.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(expected);
    }

    [Fact]
    public async Task Key_that_is_removed_from_its_file_and_its_sessions_are_invalid()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "keys.json");
        const string bob = """ "bob": { "Role": "read", "Key": "the second key of bob" } """;
        await File.WriteAllTextAsync(
            path, $$"""{ "ann": { "Role": "operate", "Key": "the first key of ann" }, {{bob}} }""");
        await using var host = GatewayHost.Start(("Operator:KeysFile", path));
        using var login = await host.Client.Http.PostAsync(
            "/console/session", new StringContent("""{"key":"the first key of ann"}""", null, "application/json"));
        login.EnsureSuccessStatusCode();
        (await StatusAsync(host.Client, null)).ShouldBe(200, "the session of ann");

        await File.WriteAllTextAsync(path, $"{{ {bob} }}");

        await Until.TrueAsync(() => StatusAsync(host.Client, null), status => status == 401);
        (await StatusAsync(host.Client, "the first key of ann")).ShouldBe(401);
        (await StatusAsync(host.Client, "the second key of bob")).ShouldBe(200);
    }

    private static bool IsGuarded(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<OperatorOnlyAttribute>() is not null;

    private static async Task<int> StatusAsync(GatewayClient client, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{GatewayClient.BasePath}/events/counts");
        if (key is not null) request.Headers.Add("X-Api-Key", key);
        using var answer = await client.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
