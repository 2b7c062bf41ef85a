# Beadle's services: the same image runs the API, the bots and every worker; compose says which.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Not npm ci: the lock file may lack the optional packages of this image's platform. Locked versions are kept all the same.
RUN npm install --omit=dev --no-save --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY . .
USER node
ENTRYPOINT ["node", "--no-memory-reducer", "bin/beadle.ts"]
CMD ["--help"]
