using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.EventsGateway.Findings;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Features.SendAlerts;

/// <summary>A finding has begun to stay, has become critical, or has ended.</summary>
/// <param name="Finding">As it was found last.</param>
/// <param name="HasEnded">It is no longer found.</param>
/// <param name="At">When that was noticed.</param>
/// <param name="State">That of the gateway then.</param>
internal sealed record AlertMessage(FindingDto Finding, bool HasEnded, DateTimeOffset At, string State)
{
    private static readonly JsonSerializerOptions Json = JsonSerializerOptions.Web;

    /// <summary>The same change has one id, so that a receiver can drop a repeated message.</summary>
    public string Id
    {
        get
        {
            var text = string.Join('\n', Finding.Key, Finding.Since, HasEnded ? "ended" : Finding.Severity);
            return $"msg_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32]}";
        }
    }

    public byte[] ToWebhook() => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            type = HasEnded ? "gateway.finding.ended" : "gateway.finding.began",
            timestamp = IsoTime.Text(At),
            data = new { Host = Environment.MachineName, State, Finding },
        }, Json);

    public byte[] ToSlack() => JsonSerializer.SerializeToUtf8Bytes(new { text = Escape(Text()) }, Json);

    private string Text()
    {
        var since = IsoTime.Parse(Finding.Since);
        var head = HasEnded ? $"Ended after {SpanText.Of(At - since ?? TimeSpan.Zero)}"
            : Finding.IsCritical ? "Critical" : "Attention";
        var end = HasEnded ? $"The gateway is {(State == StatusDto.Healthy ? "healthy" : $"in state {State}")}."
            : $"Since {since?.UtcDateTime:yyyy-MM-dd HH:mm} UTC. {Finding.Advice}";
        return $"{head}: {Finding.Text}\n{end} (gateway on {Environment.MachineName}, {Finding.Id})";
    }

    /// <summary>As Slack needs it: a sender or a backend must not make links or mentions.</summary>
    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
