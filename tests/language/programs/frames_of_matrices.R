df <- data.frame(id = 1:6, g = c("a", "b", "a", "c", "b", "a"), x = c(2.5, NA, 3.1, 4, 0, 9))
d <- df[c(1,3)]; as.matrix(d)
rownames(as.matrix(df[df$id>2, c("id","x")]))
d <- df; d$x <- scale(d$x); d
d[["id"]] <- scale(d$id); names(d); d
data.frame(m=matrix(1:4,2), z=1:2)
d <- df; d[c("id","x")] <- lapply(d[c("id","x")], scale); d; str(d)
df2 <- transform(df, x=scale(x)); df2; summary(df2)
d <- df[1:3,]; d$m <- matrix(1:6,3); d; dim(d); names(d); str(d)
d <- df[1:3,]; d$m <- matrix(1:6,3,dimnames=list(NULL,c("p","q"))); d
as.matrix(df[1:2,c(1,3)])
d <- df[1:3,]; d$m <- matrix(1:6,3); as.matrix(d[-2]); d$x <- scale(d$x); as.matrix(d[-2]); summary(d)
d <- df[1:3,]; d$x <- scale(d$id); sapply(d, class); d$x * 2; head(d, 2); d[2:3,]; rbind(d,d); write.csv(d)
d$x <- as.numeric(scale(d$id)); data.matrix(d)
d <- data.frame(a=1:3); d$value <- scale(c(1,5,7)); d$va <- matrix(1:6,3,dimnames=list(NULL,c("p","quux"))); writeLines(paste0("[",colnames(summary(d)),"]")); summary(d)
