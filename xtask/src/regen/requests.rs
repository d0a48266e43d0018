//! Progenitor's operations, cut down to what the document says of them: how a request is made, and what a success says.
//! Sending it and reading the response is the client's own, since progenitor's way loses the status of a response whose body
//! it can't decode, and the body of one that breaks off.

use syn::punctuated::Punctuated;
use syn::{
    Expr, ExprLit, File, GenericArgument, ImplItem, ImplItemFn, Item, Lit, Pat, PathArguments,
    ReturnType, Stmt, Type, parse_quote,
};

/// Makes each operation one that makes a request and sends nothing. Fails where progenitor renders them in another way.
pub(super) fn only(code: &mut File) -> Result<(), String> {
    code.items.retain(is_of_use);
    code.items.insert(
        0,
        parse_quote!(
            use progenitor_client::encode_path;
        ),
    );
    for item in &mut code.items {
        let Item::Impl(item) = item else { continue };
        *item.self_ty = parse_quote!(crate::call::Requests);
        for item in &mut item.items {
            if let ImplItem::Fn(operation) = item {
                cut(operation)
                    .ok_or_else(|| format!("{} is of another form", operation.sig.ident))?;
            }
        }
    }
    Ok(())
}

/// The types and the operations. What else there is makes an HTTP client or hooks into sending.
fn is_of_use(item: &Item) -> bool {
    match item {
        Item::Mod(module) => module.ident == "types",
        Item::Impl(item) => item
            .items
            .iter()
            .any(|item| matches!(item, ImplItem::Fn(function) if function.sig.asyncness.is_some())),
        _ => false,
    }
}

fn cut(operation: &mut ImplItemFn) -> Option<()> {
    let success = success(&operation.sig.output)?;
    let statements = &mut operation.block.stmts;
    below_base(statements.first_mut()?)?;
    let Some(Stmt::Expr(Expr::Match(by_status), None)) = statements.pop() else {
        return None;
    };
    let statuses = by_status.arms.into_iter().next()?.pat;
    let is_request = |statement: &Stmt| {
        matches!(statement, Stmt::Local(local)
            if matches!(&local.pat, Pat::Ident(pattern) if pattern.ident == "request"))
    };
    let request = statements.iter().position(is_request)?;
    statements.truncate(request + 1);
    if let Some(Stmt::Local(local)) = statements.last_mut() {
        local.attrs.clear();
        local.pat = parse_quote!(request);
    }
    let made: Expr = parse_quote! {
        Ok(crate::call::Call::new(request, |status| matches!(status, #statuses)))
    };
    statements.push(Stmt::Expr(made, None));
    operation.sig.asyncness = None;
    operation.sig.output = parse_quote!(-> ::reqwest::Result<crate::call::Call<#success>>);
    Some(())
}

/// `let url = format!("{}/path", self.baseurl, …)` without the base, which need not be read again for each request.
fn below_base(url: &mut Stmt) -> Option<()> {
    let Stmt::Local(url) = url else { return None };
    let url = &mut url.init.as_mut()?.expr;
    let Expr::Macro(format) = &**url else {
        return None;
    };
    let parse = Punctuated::<Expr, syn::Token![,]>::parse_terminated;
    let mut arguments = format.mac.parse_body_with(parse).ok()?.into_iter();
    let Expr::Lit(ExprLit {
        lit: Lit::Str(text),
        ..
    }) = arguments.next()?
    else {
        return None;
    };
    let text = text.value();
    let path = text.strip_prefix("{}")?;
    let _base = arguments.next()?;
    **url = parse_quote!(self.url(&format!(#path #(, #arguments)*)));
    Some(())
}

/// `T` of `Result<ResponseValue<T>, _>`.
fn success(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, result) = output else {
        return None;
    };
    first_argument(&first_argument(result)?)
}

fn first_argument(of: &Type) -> Option<Type> {
    let Type::Path(path) = of else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(argument) => Some(argument.clone()),
        _ => None,
    }
}
