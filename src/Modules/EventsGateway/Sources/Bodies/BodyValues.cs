using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.EventsGateway.Sources.Bodies;

/// <summary>The values of the paths of a plan in one body. They are decoded when a template asks for them.</summary>
internal sealed class BodyValues(BodyPlan plan, BodyRows rows, ReadOnlyMemory<byte> body)
{
    /// <summary>The decoded text of the field that holds JSON.</summary>
    public byte[] Inner { get; set; } = [];

    /// <summary>False where the array of <c>Each</c> is missing, null or something else.</summary>
    public bool HasItems => rows.HasItems;

    public int ItemCount => rows.ItemCount;

    public bool HasTooManyItems => rows.HasTooManyItems;

    /// <summary>False for an enclosing item whose own array is missing.</summary>
    public bool IsItem(int item) => rows.Item(item).IsItem;

    public ReadOnlyMemory<byte> Slice(int item) => body.Slice(rows.Item(item).Start, rows.Item(item).Length);

    /// <summary>False, and nothing appended, where the value is absent, blank or not a text, a number or a boolean.</summary>
    public bool Append(SourcePath path, int item, IContentSink sink)
    {
        var value = Find(path, item, out var json);
        var raw = json.Span;
        switch (value.Type)
        {
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                sink.Append(raw);
                return true;
            case JsonTokenType.String when !value.IsEscaped:
                if (IsBlank(raw[1..^1])) return false;
                sink.Append(raw[1..^1]);
                return true;
            case JsonTokenType.String:
                return AppendEscaped(raw, sink);
            default:
                return false;
        }
    }

    /// <summary>The JSON of the value as it stands in the body; empty where it is absent.</summary>
    public ReadOnlyMemory<byte> Raw(SourcePath path, int item)
    {
        Find(path, item, out var json);
        return json;
    }

    /// <summary>The body with another value at the path; null where it has none there.</summary>
    public static byte[]? With(byte[] body, SourcePath path, string text)
    {
        if (!new BodyPlan([path]).TryRead(body, out var values, out _)) return null;
        var old = values.Find(path, item: 0, out var json);
        if (old.Length == 0 || !MemoryMarshal.TryGetArray(json, out var at)) return null;
        var isNumber = old.Type == JsonTokenType.Number && text.All(char.IsAsciiDigit);
        // The default encoder escapes the plus signs of Base64.
        var value = isNumber ? text : $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
        return [.. body[..at.Offset], .. Encoding.UTF8.GetBytes(value), .. body[(at.Offset + at.Count)..]];
    }

    private BodyValue Find(SourcePath path, int item, out ReadOnlyMemory<byte> json)
    {
        json = default;
        if (plan.Find(path) is not { } node) return default;
        var value = rows.Value(node, item);
        json = (node.Scope == BodyScope.Inner ? Inner : body).Slice(value.Start, value.Length);
        return value;
    }

    private static bool AppendEscaped(ReadOnlySpan<byte> raw, IContentSink sink)
    {
        var rented = ArrayPool<byte>.Shared.Rent(raw.Length);
        try
        {
            var json = new Utf8JsonReader(raw);
            json.Read();
            var text = rented.AsSpan(0, json.CopyString(rented));
            if (IsBlank(text)) return false;
            sink.Append(text);
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is not text.
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> text)
    {
        while (Rune.DecodeFromUtf8(text, out var rune, out var length) == OperationStatus.Done)
        {
            if (!Rune.IsWhiteSpace(rune)) return false;
            text = text[length..];
        }

        return true;
    }
}
