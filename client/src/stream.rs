//! `boxed_stream!`: streams as types of their own, with a `next` that needs no other crate.

/// Defines a stream of `Result<$item, Error>`.
macro_rules! boxed_stream {
    ($(#[$meta:meta])* $name:ident of $item:ty) => {
        $(#[$meta])*
        ///
        /// Cancel-safe: a future of its next item may be dropped at any time, and no item is lost.
        #[must_use = "a stream does nothing until it is polled"]
        pub struct $name(futures_util::stream::BoxStream<'static, Result<$item, crate::Error>>);

        impl $name {
            /// The next item; none at the end.
            pub async fn next(&mut self) -> Option<Result<$item, crate::Error>> {
                futures_util::StreamExt::next(&mut self.0).await
            }
        }

        impl futures_util::Stream for $name {
            type Item = Result<$item, crate::Error>;

            fn poll_next(
                mut self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context<'_>,
            ) -> std::task::Poll<Option<Self::Item>> {
                self.0.as_mut().poll_next(cx)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}

pub(crate) use boxed_stream;
