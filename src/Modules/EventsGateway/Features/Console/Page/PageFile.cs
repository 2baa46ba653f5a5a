using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Gateway.EventsGateway.Features.Console.Page;

/// <summary>A file of the folder Page, as it was built in: read once, none of the disk's business.</summary>
internal sealed record PageFile(byte[] Bytes, string ContentType, EntityTagHeaderValue Tag)
{
    // As the project file names them.
    private const string Prefix = "console/";

    private static readonly FileExtensionContentTypeProvider Types = new();

    private static readonly FrozenDictionary<string, PageFile> All = typeof(PageFile).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], Read);

    public static PageFile Page => All["console.html"];

    public static PageFile? Find(string name) => All.GetValueOrDefault(name);

    private static PageFile Read(string name)
    {
        using var stream = typeof(PageFile).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new PageFile(bytes, TypeOf(name), new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(..16))}\""));
    }

    private static string TypeOf(string name)
    {
        // A licence has no ending, and is read like any text.
        var type = Types.TryGetContentType(name, out var known) ? known : "text/plain";
        return type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type;
    }
}
