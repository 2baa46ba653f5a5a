using System.Security.Cryptography;

namespace Gateway.EventsGateway.Sources.Settings;

/// <summary>
/// The files that one load has read, each once and as a whole. By their hashes, not by a file watcher: Kubernetes replaces a
/// file by a link to another folder.
/// </summary>
internal sealed class FileSnapshot
{
    private readonly Dictionary<string, (byte[]? Content, byte[] Hash)> _files = new(StringComparer.Ordinal);

    /// <summary>Null where the file cannot be read.</summary>
    public byte[]? Read(string path)
    {
        if (!_files.TryGetValue(path, out var file)) _files[path] = file = Now(path);
        return file.Content;
    }

    /// <summary>Whether a file has another content than at the load.</summary>
    public bool HasChanged() => _files.Any(file => !Now(file.Key).Hash.AsSpan().SequenceEqual(file.Value.Hash));

    private static (byte[]? Content, byte[] Hash) Now(string path)
    {
        try
        {
            var content = File.ReadAllBytes(path);
            return (content, SHA256.HashData(content));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, []);
        }
    }
}
