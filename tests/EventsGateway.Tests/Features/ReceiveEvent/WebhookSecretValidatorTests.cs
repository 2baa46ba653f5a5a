using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.Shared;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent;

public sealed class WebhookSecretValidatorTests
{
    [Theory]
    [InlineData("my-secret-key-123")]
    [InlineData("change-me-in-production")]
    [InlineData(WebhookSecretValidator.DevelopmentSecret)]
    [InlineData("fifteen-bytes-1")]
    [InlineData("")]
    public void R12_B12_nobody_starts_with_a_secret_that_others_know_or_guess(string secret)
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
    public void A_secret_of_ones_own_is_fine(string secret) => Validate(Environments.Production, secret).Succeeded.ShouldBeTrue();

    [Theory]
    [InlineData("short", true)]
    [InlineData(WebhookSecretValidator.DevelopmentSecret, true)]
    [InlineData("", false)]
    public void B11_in_development_any_secret_will_do_but_not_none(string secret, bool isFine)
        => Validate(Environments.Development, secret).Succeeded.ShouldBe(isFine);

    [Theory]
    [InlineData(GatewayRole.Worker, "", true)]
    [InlineData(GatewayRole.Ingest, "", false)]
    [InlineData(GatewayRole.Worker, "short", false)]
    public void A_worker_takes_no_webhooks_and_needs_no_secret(GatewayRole role, string secret, bool isFine)
        => Validate(Environments.Production, secret, role).Succeeded.ShouldBe(isFine);

    private static ValidateOptionsResult Validate(string environment, string secret, GatewayRole role = GatewayRole.All)
        => new WebhookSecretValidator(new HostingEnvironment { EnvironmentName = environment }, Options.Create(new GatewayOptions { Role = role }))
            .Validate(null, new WebhookOptions { Secret = secret });
}
