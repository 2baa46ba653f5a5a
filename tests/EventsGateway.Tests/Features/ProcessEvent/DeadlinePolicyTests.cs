using Gateway.EventsGateway.Features.ProcessEvent;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent;

public sealed class DeadlinePolicyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly DeadlinePolicy _policy = new(Options.Create(new ProcessingOptions { GiveUpAfter = Limit }));

    [Fact]
    public void Events_have_24_hours_by_default()
        => new DeadlinePolicy(Options.Create(new ProcessingOptions())).GiveUpAfter.ShouldBe(TimeSpan.FromHours(24));

    [Fact]
    public void Deadline_is_exceeded_as_soon_as_the_first_attempt_is_that_old()
    {
        _policy.IsExceeded(TimeSpan.Zero).ShouldBeFalse();
        _policy.IsExceeded(Limit - Tick).ShouldBeFalse();
        _policy.IsExceeded(Limit).ShouldBeTrue();
    }

    [Fact]
    public void Errors_name_the_limit_and_the_cause()
    {
        _policy.ErrorAfter("status 503").ShouldBe("gave up after 02:00:00: status 503");
        _policy.UnreachableError.ShouldBe("gave up: no probe of the routing service succeeded for 02:00:00");
    }
}
