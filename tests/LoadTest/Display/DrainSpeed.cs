using Gateway.LoadTest.Accounting;

namespace Gateway.LoadTest.Display;

/// <summary>Settled events a second since it was last asked.</summary>
internal sealed class DrainSpeed
{
    private DrainMoment? _last;

    public double Of(DrainMoment moment)
    {
        var rate = _last is null || moment.At <= _last.At ? 0 : (moment.Settled - _last.Settled) / (moment.At - _last.At);
        _last = moment;
        return rate;
    }
}
