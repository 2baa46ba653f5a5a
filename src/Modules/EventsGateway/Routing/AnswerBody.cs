using System.Buffers;

namespace Gateway.EventsGateway.Routing;

/// <summary>The body of an answer, decompressed, without its BOM.</summary>
/// <param name="Bytes">As far as they arrived, at most <see cref="MaxBytes"/>.</param>
/// <param name="MediaType">Of the header Content-Type.</param>
/// <param name="Defect">Why they are not the whole body; null where they are.</param>
internal readonly record struct AnswerBody(ReadOnlyMemory<byte> Bytes, string? MediaType, string? Defect)
{
    /// <summary>An answer has a few hundred bytes. The limit holds after decompression.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int FirstBuffer = 1024;

    public static async Task<AnswerBody> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(FirstBuffer);
        string? defect = null;
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            while (await stream.ReadAsync(buffer.GetMemory(FirstBuffer), cancellationToken) is var read and > 0)
            {
                buffer.Advance(read);
                if (buffer.WrittenCount <= MaxBytes) continue;
                defect = $"a body of over {MaxBytes / 1024} KiB";
                break;
            }
        }
        catch (Exception damaged) when (damaged is InvalidDataException or InvalidOperationException)
        {
            defect = "a body that cannot be decompressed";
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException && !response.IsSuccessStatusCode)
        {
            // The status alone decides; the body is evidence.
            defect = "an incomplete body";
        }

        var bytes = buffer.WrittenMemory;
        if (bytes.Length > MaxBytes) bytes = bytes[..MaxBytes];
        if (bytes.Span.StartsWith("\uFEFF"u8)) bytes = bytes["\uFEFF"u8.Length..];
        return new AnswerBody(bytes, response.Content.Headers.ContentType?.MediaType, defect);
    }
}
