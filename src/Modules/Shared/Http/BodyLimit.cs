namespace Gateway.Shared.Http;

/// <summary>The largest bodies in bytes; more is a 413. A source has its own (MaxBodyBytes).</summary>
public static class BodyLimit
{
    /// <summary>Of every endpoint that names no other: 10,000 keys of up to 100 characters.</summary>
    public const int Default = 1024 * 1024;

    /// <summary>A login: a key.</summary>
    public const int Login = 4 * 1024;

    /// <summary>A try: a request of 1 MiB as a text of JSON, whose quotes are escaped.</summary>
    public const int Try = 4 * 1024 * 1024;
}
