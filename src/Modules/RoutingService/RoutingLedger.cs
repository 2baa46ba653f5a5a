using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace Gateway.RoutingService;

/// <summary>
/// Counts requests and answers with <c>routed:true</c> since the start. A key takes 16 bytes of hash, so that millions of keys of
/// a load test fit; its text is kept only with <see cref="RoutingServiceOptions.RememberKeys"/>.
/// </summary>
internal sealed class RoutingLedger(IOptions<RoutingServiceOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, int> _answers = [];
    private readonly Dictionary<UInt128, string>? _texts = options.Value.RememberKeys ? [] : null;
    private long _requests;
    private int _repeatedKeys;

    public void CountRequest() => Interlocked.Increment(ref _requests);

    public void CountAnswer(UInt128 keyHash, string key)
    {
        lock (_gate)
        {
            ref var answers = ref CollectionsMarshal.GetValueRefOrAddDefault(_answers, keyHash, out _);
            answers++;
            if (answers == 2) _repeatedKeys++;
            _texts?.TryAdd(keyHash, key);
        }
    }

    public (long Requests, int DistinctKeys, int RepeatedKeys) Totals()
    {
        lock (_gate) return (Interlocked.Read(ref _requests), _answers.Count, _repeatedKeys);
    }

    /// <summary>Every answered key with the number of its answers; null if texts are not kept.</summary>
    public IReadOnlyList<(string Key, UInt128 Hash, int Answers)>? Keys()
    {
        if (_texts is null) return null;
        lock (_gate) return [.. _texts.Select(text => (text.Value, text.Key, _answers[text.Key]))];
    }
}
