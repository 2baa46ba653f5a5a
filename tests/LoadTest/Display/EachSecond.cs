namespace Gateway.LoadTest.Display;

/// <summary>Lets one in a second through.</summary>
internal sealed class EachSecond
{
    private double _next;

    public bool IsDue(double at)
    {
        if (at < _next) return false;
        _next = Math.Floor(at) + 1;
        return true;
    }
}
