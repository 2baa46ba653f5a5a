using Gateway.EventsGateway.Monitoring;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Features.ReceiveEvent.Rejections;

/// <summary>What a fault of the server or the connection says about the request.</summary>
internal static class ReadFault
{
    private static readonly Rejection BodyNotArrived =
        new(StatusCodes.Status408RequestTimeout, RejectionReason.IncompleteBody, "The body did not arrive");

    /// <summary>Texts of the server for a body that ended before its announced end. It has no other mark for them.</summary>
    private static readonly string[] EndedEarly = ["Unexpected end of request content.", "Chunked request incomplete."];

    /// <summary>Of a request that the server did not pass on.</summary>
    public static Rejection ByServer(BadHttpRequestException fault)
        => new(fault.StatusCode, RejectionReason.BadRequest, "Bad Request") { Detail = TextOf(fault) };

    /// <summary>Of a body that could not be read to its end.</summary>
    public static Rejection Unreadable(Exception fault) => fault switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Rejection.TooLarge,
        BadHttpRequestException { StatusCode: not StatusCodes.Status408RequestTimeout } bad when !EndedEarly.Contains(bad.Message)
            => ByServer(bad),
        // A chunk of more than 2 GiB.
        OverflowException or IOException { InnerException: OverflowException }
            => ByServer(new BadHttpRequestException("Bad chunk size data.")),
        _ => BodyNotArrived,
    };

    /// <summary>The server's text up to the part of the request that it may repeat: <c>Invalid request line: '…'</c>.</summary>
    private static string TextOf(BadHttpRequestException fault)
        => fault.Message.Split(": '", 2)[0].Split(" '", 2)[0].TrimEnd('.');
}
