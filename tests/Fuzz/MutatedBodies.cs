using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.TestSupport;

namespace Gateway.Fuzz;

/// <summary>Bodies with random defects from a seed; some of them are still valid.</summary>
internal sealed class MutatedBodies(int seed)
{
    private static readonly string[] Fields =
        ["eventId", "merchantId", "shippingCompanyId", "shipmentId", "type", "occurredAt", "payload"];

    private static readonly string[] WrongValues =
    [
        "null", "0", "-1", "12345678901234567890", "1e999", "true", "false", "[]", "[[]]", "{}", "{\"a\":{}}", "\"\"", "\" \"",
        "\"\\u0000\"", "\"a\\nb\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"2026-02-30\"", "\"2026\"", "\"SHIPMENT\"",
        "\"" + new string('x', 257) + "\"", "\"" + new string('é', 300) + "\"",
        "nul", "'x'", "01", ".5", "1.", "NaN", "\"a", "\"\\x\"", "",
    ];

    private readonly Random _random = new(seed);
    private readonly Webhooks _webhooks = new(seed);

    public byte[] Next()
    {
        var valid = _webhooks.Next().ToBytes();
        return _random.Next(12) switch
        {
            0 => ByteChanged(valid),
            1 => valid[..Somewhere(valid)],
            2 => valid[Somewhere(valid)..],
            3 => WithoutSlice(valid),
            4 => [.. valid[..Somewhere(valid)], .. Noise(_random.Next(1, 8)), .. valid[Somewhere(valid)..]],
            5 => [.. valid, .. Noise(_random.Next(1, 4))],
            6 => Noise(_random.Next(0, 400)),
            7 or 8 => ValueReplaced(valid),
            9 => FieldRemoved(valid),
            10 => Encoding.UTF8.GetBytes(TopLevel()),
            _ => OtherEncoding(valid),
        };
    }

    private int Somewhere(byte[] bytes) => _random.Next(bytes.Length);

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        _random.NextBytes(noise);
        return noise;
    }

    private byte[] ByteChanged(byte[] valid)
    {
        valid[Somewhere(valid)] = (byte)_random.Next(256);
        return valid;
    }

    private byte[] WithoutSlice(byte[] valid)
    {
        var from = Somewhere(valid);
        return [.. valid[..from], .. valid[Math.Min(valid.Length, from + _random.Next(1, 20))..]];
    }

    private byte[] ValueReplaced(byte[] valid)
    {
        var json = JsonNode.Parse(valid)!.AsObject();
        var field = Fields[_random.Next(Fields.Length)];
        json[field] = "REPLACED";
        return Encoding.UTF8.GetBytes(json.ToJsonString().Replace(
            "\"REPLACED\"", WrongValues[_random.Next(WrongValues.Length)], StringComparison.Ordinal));
    }

    private byte[] FieldRemoved(byte[] valid)
    {
        var json = JsonNode.Parse(valid)!.AsObject();
        foreach (var field in Fields.Where(_ => _random.Next(3) == 0)) json.Remove(field);
        return JsonSerializer.SerializeToUtf8Bytes(json);
    }

    private string TopLevel()
    {
        var depth = _random.Next(1, 3000);
        return _random.Next(6) switch
        {
            0 => new string('[', depth),
            1 => new string('[', depth) + new string(']', depth),
            2 => string.Concat(Enumerable.Repeat("{\"payload\":", depth)),
            3 => "[" + WrongValues[_random.Next(WrongValues.Length)] + "]",
            4 => "{\"" + new string('k', depth) + "\":{}}",
            _ => WrongValues[_random.Next(WrongValues.Length)],
        };
    }

    private byte[] OtherEncoding(byte[] valid)
    {
        var text = Encoding.UTF8.GetString(valid).Replace("Cairo", "Zürich", StringComparison.Ordinal);
        return _random.Next(4) switch
        {
            0 => Encoding.Unicode.GetBytes(text),
            1 => Encoding.BigEndianUnicode.GetBytes(text),
            2 => Encoding.UTF32.GetBytes(text),
            _ => [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, .. valid],
        };
    }
}
