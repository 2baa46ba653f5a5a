using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.Shared;
using Gateway.Shared.Options;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent;

public sealed class WebhookSecretValidatorTests
{
    [Theory]
    [InlineData("my-secret-key-123")]
    [InlineData("change-me-in-production")]
    [InlineData(PublishedSecrets.Development)]
    [InlineData("fifteen-bytes-1")]
    [InlineData("")]
    [Trait("Defect", "R12")]
    [Trait("Defect", "B12")]
    public void Published_or_short_secret_stops_the_start(string secret)
    {
        foreach (var environment in new[] { Environments.Production, Environments.Staging, "" })
        {
            var result = Validate(environment, secret);

            result.Failed.ShouldBeTrue();
            result.FailureMessage.ShouldContain("Gateway:Webhook:Secret");
            if (secret.Length > 0) result.FailureMessage.ShouldNotContain(secret);
        }
    }

    [Theory]
    [InlineData("sixteen-bytes-01")]
    [InlineData("éééééééé")]
    public void Own_secret_is_valid(string secret) => Validate(Environments.Production, secret).Succeeded.ShouldBeTrue();

    [Theory]
    [InlineData("short", true)]
    [InlineData(PublishedSecrets.Development, true)]
    [InlineData("", false)]
    [Trait("Defect", "B11")]
    public void Development_accepts_any_secret_but_not_an_empty_one(string secret, bool isValid)
        => Validate(Environments.Development, secret).Succeeded.ShouldBe(isValid);

    [Theory]
    [InlineData(GatewayRole.Worker, "", true)]
    [InlineData(GatewayRole.Ingest, "", false)]
    [InlineData(GatewayRole.Worker, "short", false)]
    public void Worker_needs_no_secret(GatewayRole role, string secret, bool isValid)
        => Validate(Environments.Production, secret, role).Succeeded.ShouldBe(isValid);

    private static ValidateOptionsResult Validate(string environment, string secret, GatewayRole role = GatewayRole.All)
        => new WebhookSecretValidator(
                new HostingEnvironment { EnvironmentName = environment }, Options.Create(new GatewayOptions { Role = role }))
            .Validate(null, new WebhookOptions { Secret = secret });
}
