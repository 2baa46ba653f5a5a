using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Findings;

/// <summary>The status as of the last second.</summary>
internal sealed class CurrentStatus(TimeProvider time)
{
    private StatusDto _latest = new(StatusDto.Attention, [
        new FindingDto(
            "starting", FindingDto.WarningText, IsoTime.Text(time.GetUtcNow()), null, null, "The gateway is starting.",
            "It accepts requests as soon as it is ready.", null),
    ]);

    public StatusDto Latest
    {
        get => Volatile.Read(ref _latest);
        set => Volatile.Write(ref _latest, value);
    }
}
