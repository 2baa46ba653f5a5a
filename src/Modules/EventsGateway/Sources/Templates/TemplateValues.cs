using System.Buffers;
using System.Text;
using Gateway.EventsGateway.Sources.Bodies;

namespace Gateway.EventsGateway.Sources.Templates;

/// <summary>What the references of a template stand for, in one request or in one of its items.</summary>
internal readonly record struct TemplateValues
{
    public required RequestValues Request { get; init; }

    /// <summary>As it was sent, with a byte order mark if it has one.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The paths of the body that the plan of this template has read; null: none.</summary>
    public BodyValues? Json { get; init; }

    /// <summary>The item under <c>Each</c>; 0 without it.</summary>
    public int Item { get; init; }

    /// <summary>Empty is not missing: the digest is made of the content without the secret.</summary>
    public ReadOnlyMemory<byte>? Secret { get; init; }

    public string? Digest { get; init; }

    public string? Received { get; init; }

    public string? Id { get; init; }

    /// <summary>False, and nothing appended, where the value is missing.</summary>
    public bool Append(Reference reference, IContentSink sink) => reference.Kind switch
    {
        ReferenceKinds.Path => Json?.Append(reference.Path!, Item, sink) ?? false,
        ReferenceKinds.Body => Append(Body.Span, sink),
        ReferenceKinds.Secret => Secret is { } secret && Append(secret.Span, sink),
        ReferenceKinds.Header => Append(Request.Header(reference.Name), sink),
        ReferenceKinds.Query => Append(Request.Query(reference.Name), sink),
        ReferenceKinds.Route => Append(Request.Route(reference.Name), sink),
        ReferenceKinds.Pair => Append(Request.Pair(reference.Name), sink),
        ReferenceKinds.Timestamp => Append(Request.Timestamp, sink),
        ReferenceKinds.Digest => Append(Digest, sink),
        ReferenceKinds.Received => Append(Received, sink),
        ReferenceKinds.Id => Append(Id, sink),
        _ => throw new ArgumentOutOfRangeException(nameof(reference), reference.Kind, null),
    };

    private static bool Append(ReadOnlySpan<byte> bytes, IContentSink sink)
    {
        sink.Append(bytes);
        return true;
    }

    /// <summary>Blank text is missing, and so is half of a surrogate pair: it has no UTF-8.</summary>
    private static bool Append(string? text, IContentSink sink)
    {
        if (string.IsNullOrWhiteSpace(text)) return false;
        var length = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        var isText = System.Text.Unicode.Utf8.FromUtf16(text, rented, out _, out var written, replaceInvalidSequences: false)
            == OperationStatus.Done;
        if (isText) sink.Append(rented.AsSpan(0, written));
        ArrayPool<byte>.Shared.Return(rented);
        return isText;
    }
}
