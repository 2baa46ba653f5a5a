using Mono.Cecil;

namespace Gateway.Host.Tests.Architecture;

/// <summary>What uses what. Names are full names of types, or namespaces where only a <c>using</c> is known.</summary>
internal sealed record Dependency(string From, string To);

internal static class Dependencies
{
    private const string HostNamespace = "Gateway.Host";

    /// <summary>
    /// From compiled code, and from usings, because a constant of another type leaves no trace in compiled code.
    /// </summary>
    public static readonly IReadOnlyList<Dependency> All = [.. Compiled().Concat(Written()).Where(IsOutside).Distinct()];

    /// <summary>A type or namespace lies in a namespace or below it.</summary>
    public static bool IsIn(string name, string space) => name == space || name.StartsWith(space + ".", StringComparison.Ordinal);

    private static IEnumerable<Dependency> Written()
        => from file in Solution.Files("src", "*.cs")
           from used in file.Usings
           select new Dependency($"{file.Namespace ?? HostNamespace}.{file.Types.FirstOrDefault() ?? "Program"}", used);

    private static IEnumerable<Dependency> Compiled()
        => from assembly in Solution.Assemblies
           from type in ModuleDefinition.ReadModule(assembly.Location).GetTypes()
           let name = Top(type).FullName == "Program" ? $"{HostNamespace}.Program" : Top(type).FullName
           where Solution.IsOurs(name)
           from used in Used(type).SelectMany(Parts)
           where Top(used).Namespace.Length > 0
           select new Dependency(name, Top(used).FullName);

    private static bool IsOutside(Dependency found) => found.From != found.To;

    private static IEnumerable<TypeReference?> Used(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(one => one.InterfaceType),
        .. type.GenericParameters.SelectMany(one => one.Constraints).Select(one => one.ConstraintType),
        .. type.CustomAttributes.Select(one => one.AttributeType),
        .. type.Fields.Select(field => field.FieldType),
        .. type.Methods.SelectMany(Used),
    ];

    private static IEnumerable<TypeReference?> Used(MethodDefinition method) =>
    [
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method.CustomAttributes.Select(one => one.AttributeType),
        .. method.GenericParameters.SelectMany(one => one.Constraints).Select(one => one.ConstraintType),
        .. method.HasBody ? method.Body.Variables.Select(local => local.VariableType) : [],
        .. method.HasBody ? method.Body.ExceptionHandlers.Select(handler => handler.CatchType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(one => Used(one.Operand)) : [],
    ];

    private static IEnumerable<TypeReference> Used(object operand) => operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => [method.DeclaringType, .. method.GenericArguments],
        MemberReference member => [member.DeclaringType],
        _ => [],
    };

    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => [.. Parts(generic.ElementType), .. generic.GenericArguments.SelectMany(Parts)],
        TypeSpecification special => Parts(special.ElementType),
        _ => [type],
    };

    private static TypeReference Top(TypeReference type) => type.DeclaringType is { } outer ? Top(outer) : type;
}
