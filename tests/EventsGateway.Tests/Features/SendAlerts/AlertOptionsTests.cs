using System.ComponentModel.DataAnnotations;
using Gateway.EventsGateway.Features.SendAlerts;

namespace Gateway.EventsGateway.Tests.Features.SendAlerts;

public sealed class AlertOptionsTests
{
    private static readonly Uri Address = new("https://alerts.example/hook");

    public static TheoryData<AlertOptions, string?> Settings => new()
    {
        { new AlertOptions(), null },
        { new AlertOptions { Slack = Address }, null },
        { new AlertOptions { Webhook = Address, Secret = "a secret of sixteen" }, null },
        { new AlertOptions { Webhook = Address, Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }, null },
        { new AlertOptions { Webhook = Address }, "must have at least 16 bytes: it signs the messages" },
        { new AlertOptions { Webhook = Address, Secret = "whsec_no base64 !!" }, "has no base64 after whsec_; copy it again" },
        { new AlertOptions { Slack = new Uri("ftp://x/y") }, "must be an address with http:// or https://" },
        { new AlertOptions { Slack = new Uri("hooks/x", UriKind.Relative) }, "must be an address with http:// or https://" },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void Settings_are_right_or_say_what_is_wrong(AlertOptions options, string? error)
        => options.Validate(new ValidationContext(options)).Select(one => one.ErrorMessage)
            .ShouldBe(error is null ? [] : [error]);
}
