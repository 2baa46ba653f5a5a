using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Gateway.EventsGateway.Features.Console.Page;

/// <summary>An embedded file of the console page, read once.</summary>
internal sealed record PageFile(byte[] Bytes, string ContentType, EntityTagHeaderValue Tag)
{
    // The logical name in the project file.
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
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(..16));
        return new PageFile(bytes, TypeOf(name), new EntityTagHeaderValue($"\"{hash}\""));
    }

    private static string TypeOf(string name)
    {
        // LICENSE files have no extension.
        var type = Types.TryGetContentType(name, out var known) ? known : "text/plain";
        return type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type;
    }
}
