using System.Diagnostics;
using System.Security.Cryptography;

namespace Gateway.EventsGateway.Tests.Sources.Verification;

/// <summary>Signs with <c>openssl</c> where it is installed, else with the runtime: never with the code under test.</summary>
internal static class OpenSsl
{
    private static readonly bool IsInstalled = File.Exists("/usr/bin/openssl");

    public static byte[] Hmac256(byte[] key, byte[] content)
        => IsInstalled ? Run("dgst -sha256", key, content) : HMACSHA256.HashData(key, content);

    public static byte[] Hmac512(byte[] key, byte[] content)
        => IsInstalled ? Run("dgst -sha512", key, content) : HMACSHA512.HashData(key, content);

    public static byte[] Sha256(byte[] content) => IsInstalled ? Run("dgst -sha256 -binary", content) : SHA256.HashData(content);

    /// <summary>RSA with PKCS#1 padding and SHA-256.</summary>
    public static byte[] Sign(RSA key, byte[] content)
    {
        if (!IsInstalled) return key.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem());
            return Run($"dgst -sha256 -sign {file}", content);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static byte[] Run(string arguments, byte[] key, byte[] content)
        => Run($"{arguments} -binary -mac HMAC -macopt hexkey:{Convert.ToHexString(key)}", content);

    private static byte[] Run(string arguments, byte[] content)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/openssl", arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        process.StandardInput.BaseStream.Write(content);
        process.StandardInput.Close();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
        return output.ToArray();
    }
}
