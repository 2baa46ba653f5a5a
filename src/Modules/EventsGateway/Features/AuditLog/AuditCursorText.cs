using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Features.AuditLog;

/// <summary>The place of a record in the list: its time and its id.</summary>
internal static class AuditCursorText
{
    public static string Of(AuditRecord record) => CursorText.Of(record.At, record.Id.ToString("N"));

    public static AuditCursor? Parse(string text)
        => CursorText.Parse(text) is var (at, rest) && Guid.TryParseExact(rest, "N", out var id) ? new AuditCursor(at, id) : null;
}
