using System.Text.Json;
using System.Text.Unicode;

namespace Gateway.EventsGateway.Sources.Bodies;

/// <summary>Follows the tree of paths through the JSON and skips all else. It goes no deeper than the paths.</summary>
internal readonly struct BodyReader(BodyRows rows)
{
    private const string NoJson = "the body is not valid JSON";

    /// <summary>Null, or why the bytes are no body.</summary>
    public static string? Read(ReadOnlySpan<byte> bytes, PathNode root, BodyRows rows)
    {
        if (!Utf8.IsValid(bytes)) return "the body is not valid UTF-8";
        var json = new Utf8JsonReader(bytes);
        try
        {
            json.Read();
            new BodyReader(rows).Read(ref json, root);
            return json.Read() ? NoJson : null;
        }
        catch (JsonException)
        {
            return NoJson;
        }
    }

    /// <summary>The reader is at the first token of the value; afterwards it is at the last one.</summary>
    private void Read(ref Utf8JsonReader json, PathNode node)
    {
        var (start, type, isEscaped) = ((int)json.TokenStartIndex, json.TokenType, json.ValueIsEscaped);
        if (type == JsonTokenType.StartObject && node.HasMembers) ReadMembers(ref json, node);
        else if (type == JsonTokenType.StartArray && node.HasElements) ReadElements(ref json, node);
        else json.Skip();
        if (node.Slot is not null) rows.Set(node, new BodyValue(start, (int)json.BytesConsumed - start, type, isEscaped));
    }

    private void ReadMembers(ref Utf8JsonReader json, PathNode node)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var child = node.Member(ref json);
            json.Read();
            if (child is null)
            {
                json.Skip();
                continue;
            }

            // Of members with the same name the last one counts, as a whole.
            rows.Clear(child);
            Read(ref json, child);
        }
    }

    private void ReadElements(ref Utf8JsonReader json, PathNode node)
    {
        var isEmpty = true;
        var last = json;
        if (node.Each is not null) rows.BeginItems(node.Each.Scope);
        for (var i = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; i++)
        {
            isEmpty = false;
            last = json;
            var child = node.Element(i);
            if (node.Each is not null)
            {
                ReadItem(ref json, node.Each);
                // An element that is an item and has its own paths too is read again; so is the last one.
                if (child is not null) ReadAgain(last, child);
            }
            else if (child is not null)
            {
                Read(ref json, child);
            }
            else
            {
                json.Skip();
            }
        }

        if (node.Last is not null && !isEmpty) ReadAgain(last, node.Last);
    }

    private void ReadItem(ref Utf8JsonReader json, PathNode item)
    {
        var start = (int)json.TokenStartIndex;
        rows.BeginItem(item.Scope, start);
        Read(ref json, item);
        rows.EndItem(item.Scope, (int)json.BytesConsumed - start);
    }

    private void ReadAgain(Utf8JsonReader json, PathNode node) => Read(ref json, node);
}
